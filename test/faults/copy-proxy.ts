import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** A way to PostgreSQL on which something happens in the middle of a COPY. */
export interface CopyProxy {
  readonly port: number
  /** In the so many-th COPY from now on calls `then`; half of what it sends goes through, and then the connection ends. */
  inCopy(count: number, then: () => void): void
  close(): void
}

/** @param target port of the server */
export async function startCopyProxy(target: number): Promise<CopyProxy> {
  let left = Infinity
  let happen = (): void => undefined
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1')
    let isNext = false
    near.on('data', (chunk: Buffer) => {
      if (isNext) {
        isNext = false
        near.pause()
        happen()
        far.end(chunk.subarray(0, Math.floor(chunk.length / 2)))
        return
      }
      if (chunk.includes(' from stdin')) isNext = --left === 0
      far.write(chunk)
    })
    far.on('data', (chunk: Buffer) => void near.write(chunk))
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one)
      one.on('error', () => undefined)
      one.on('close', () => {
        sockets.delete(one)
        other.destroy()
      })
    }
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    port: (server.address() as AddressInfo).port,
    inCopy(count, then) {
      left = count
      happen = then
    },
    close() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}
