import { createServer, type Server, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'

/** Where a session can go wrong. `body`: after 354, in the middle of the message; `dot`: after its end. */
export type Stage = 'connect' | 'ehlo' | 'starttls' | 'auth' | 'mail' | 'rcpt' | 'data' | 'body' | 'dot'

/** What happens there: the connection is cut, nothing is said, the right reply comes too late, or this one. */
export type Fault = 'drop' | 'silence' | 'late' | `${4 | 5}${string}`

/** An SMTP server over a bare socket that does one thing wrong, and keeps the messages it took. */
export interface MisbehavingServer {
  readonly port: number
  readonly accepted: string[]
  /** Contents that arrived or began to, accepted or not; a lone dot is none. */
  begun(): number
  close(): Promise<void>
}

export interface Misbehaviour {
  readonly stage: Stage
  readonly fault: Fault
  readonly pipelining?: boolean
  /** Milliseconds after which a `late` reply comes. */
  readonly late?: number
}

export async function startMisbehavingServer(misbehaviour: Misbehaviour): Promise<MisbehavingServer> {
  const { stage, fault, pipelining = false, late = 600 } = misbehaviour
  const accepted: string[] = []
  let begun = 0
  const sockets = new Set<Socket>()
  const offers = [
    'ENHANCEDSTATUSCODES',
    ...(pipelining ? ['PIPELINING'] : []),
    ...(stage === 'starttls' ? ['STARTTLS'] : []),
    ...(stage === 'auth' ? ['AUTH PLAIN LOGIN'] : []),
  ]
  const hello = ['here', ...offers].map((line, index) => `250${index < offers.length ? '-' : ' '}${line}`)
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
      else if (fault === 'late') setTimeout(() => socket.write(`${normal}\r\n`), late)
      else if (fault !== 'silence') socket.write(`${fault}\r\n`)
      if (fault.startsWith('421')) socket.end()
      return false
    }
    let body: string | null = null
    let rest = ''
    let counted = false
    const begin = (): void => {
      if (!counted) begun += 1
      counted = true
    }
    socket.on('data', (chunk) => {
      rest += chunk.toString('latin1')
      if (body !== null && stage === 'body') {
        begin()
        return void answer('body', '')
      }
      for (;;) {
        if (body !== null) {
          const end = rest.startsWith('.\r\n') ? -2 : rest.indexOf('\r\n.\r\n')
          if (end === -1) {
            if (rest !== '' && rest !== '.') begin()
            return
          }
          if (end >= 0) begin()
          const message = rest.slice(0, Math.max(0, end))
          rest = rest.slice(end + 5)
          body = null
          // RFC 2920 §3.1: a lone dot, after the recipient was refused.
          if (end === -2) socket.write('554 5.5.1 no valid recipients\r\n')
          else if (answer('dot', '250 2.0.0 kept')) accepted.push(message)
          continue
        }
        const line = rest.indexOf('\r\n')
        if (line < 0) return
        const command = rest.slice(0, line).toUpperCase()
        rest = rest.slice(line + 2)
        if (command.startsWith('EHLO')) answer('ehlo', hello.join('\r\n'))
        else if (command.startsWith('HELO')) answer('ehlo', '250 here')
        else if (command === 'STARTTLS') answer('starttls', '220 go on')
        else if (command.startsWith('AUTH')) answer('auth', '235 2.7.0 welcome')
        else if (command.startsWith('MAIL')) answer('mail', '250 2.1.0 ok')
        else if (command.startsWith('RCPT')) answer('rcpt', '250 2.1.5 ok')
        else if (command === 'DATA') {
          if (!answer('data', '354 go on')) continue
          body = ''
          counted = false
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
