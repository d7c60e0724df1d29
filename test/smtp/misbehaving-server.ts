import { createServer, type Server, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'

/** Where a session can go wrong. `body`: after 354, in the middle of the message; `dot`: after its end. */
export type Stage = 'connect' | 'ehlo' | 'mail' | 'rcpt' | 'data' | 'body' | 'dot'

/** What happens there: the connection is cut, nothing is said, or this reply is given. */
export type Fault = 'drop' | 'silence' | `${4 | 5}${string}`

/** An SMTP server over a bare socket that does one thing wrong, and keeps the messages it took. */
export interface MisbehavingServer {
  readonly port: number
  readonly accepted: string[]
  /** Message bodies that began to arrive, accepted or not. */
  begun(): number
  close(): Promise<void>
}

export async function startMisbehavingServer(stage: Stage, fault: Fault): Promise<MisbehavingServer> {
  const accepted: string[] = []
  let begun = 0
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
    const answer = (at: Stage, normal: string): boolean => {
      if (at !== stage) {
        socket.write(`${normal}\r\n`)
        return true
      }
      if (fault === 'drop') socket.destroy()
      else if (fault !== 'silence') socket.write(`${fault}\r\n`)
      if (fault.startsWith('421')) socket.end()
      return false
    }
    let body: string | null = null
    let rest = ''
    socket.on('data', (chunk) => {
      rest += chunk.toString('latin1')
      if (body !== null && stage === 'body') return void answer('body', '')
      for (;;) {
        if (body !== null) {
          const end = rest.indexOf('\r\n.\r\n')
          if (end < 0) return
          const message = rest.slice(0, end)
          rest = rest.slice(end + 5)
          body = null
          if (answer('dot', '250 2.0.0 kept')) accepted.push(message)
          continue
        }
        const line = rest.indexOf('\r\n')
        if (line < 0) return
        const command = rest.slice(0, line).toUpperCase()
        rest = rest.slice(line + 2)
        if (command.startsWith('EHLO')) answer('ehlo', '250-here\r\n250 ENHANCEDSTATUSCODES')
        else if (command.startsWith('HELO')) answer('ehlo', '250 here')
        else if (command.startsWith('MAIL')) answer('mail', '250 2.1.0 ok')
        else if (command.startsWith('RCPT')) answer('rcpt', '250 2.1.5 ok')
        else if (command === 'DATA') {
          if (!answer('data', '354 go on')) continue
          body = ''
          begun += 1
        } else if (command === 'QUIT') socket.end('221 bye\r\n')
        else socket.write('250 ok\r\n')
      }
    })
    answer('connect', '220 here ESMTP')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    accepted,
    begun: () => begun,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
