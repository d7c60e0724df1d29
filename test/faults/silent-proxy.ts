import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** A way to a server that can go silent, as a network does that is cut: nothing is refused, and nothing arrives. */
export interface SilentProxy {
  readonly port: number
  silence(): void
  /** What was held up arrives. */
  heal(): void
  /** The local ports of its connections to the server, by which that one knows them. */
  ports(): readonly number[]
  close(): void
}

export async function startProxy(target: number): Promise<SilentProxy> {
  let silent = false
  const pairs = new Set<readonly [Socket, Socket]>()
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1')
    const pair = [near, far] as const
    pairs.add(pair)
    for (const [from, to] of [pair, [far, near] as const]) {
      from.setNoDelay(true)
      from.on('data', (chunk: Buffer) => void to.write(chunk))
      from.on('error', () => undefined)
      from.on('close', () => {
        pairs.delete(pair)
        to.destroy()
      })
      if (silent) from.pause()
    }
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    port: (server.address() as AddressInfo).port,
    silence() {
      silent = true
      for (const pair of pairs) for (const socket of pair) socket.pause()
    },
    heal() {
      silent = false
      for (const pair of pairs) for (const socket of pair) socket.resume()
    },
    ports: () => [...pairs].flatMap(([, far]) => far.localPort ?? []),
    close() {
      server.close()
      for (const pair of pairs) for (const socket of pair) socket.destroy()
    },
  }
}
