import net from 'node:net'

export interface Load {
  readonly port: number
  readonly requests: number
  readonly connections: number
  /** The n-th request, from its first line on. */
  readonly request: (number: number) => string
  /** Another status than this is an error; null: any. */
  readonly status: number | null
}

/**
 * Asks over connections that stay open, one request at a time on each, and reads every answer to its end. It is
 * no more than a counter of octets, so that the server is what is measured.
 *
 * @returns seconds, and octets of bodies
 */
export async function ask(load: Load): Promise<{ readonly seconds: number; readonly octets: number }> {
  let next = 0
  let octets = 0
  const began = performance.now()
  const connection = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const socket = net.connect(load.port, '127.0.0.1')
      socket.setNoDelay(true)
      let head = ''
      /** Octets of the body that are still to come; null: its headers are. */
      let missing: number | null = null
      const send = (): void => {
        if (next >= load.requests) socket.end()
        else socket.write(load.request(next++))
      }
      socket.once('connect', send)
      socket.once('error', reject)
      socket.once('close', () => resolve())
      socket.on('data', (chunk: Buffer) => {
        let size = chunk.length
        if (missing === null) {
          head += chunk.toString('latin1')
          const end = head.indexOf('\r\n\r\n')
          if (end < 0) return
          const status = Number(head.slice(9, 12))
          if (load.status !== null && status !== load.status)
            return void socket.destroy(
              new Error(`${load.request(0).split('\r\n')[0]}: ${head.slice(0, 300)}`),
            )
          size = head.length - end - 4
          missing = status === 304 ? 0 : Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1])
          if (Number.isNaN(missing)) return void socket.destroy(new Error(`no length: ${head.slice(0, 300)}`))
          octets += missing
          head = ''
        }
        missing -= size
        if (missing > 0) return
        missing = null
        send()
      })
    })
  await Promise.all(Array.from({ length: load.connections }, connection))
  return { seconds: (performance.now() - began) / 1_000, octets }
}
