import type { Connection, Outcome, Transport, WireMessage } from '../delivery/transport.ts'
import { SmtpConnection } from './connection.ts'
import { isLoopback } from './loopback.ts'
import type { SmtpOptions } from './options.ts'

/**
 * Our SMTP client, made for bulk (RFC 5321): one recipient a transaction, and the envelope of the next
 * message in the same packet as the content of the one before it where the server pipelines.
 */
export function openSmtpClient(options: SmtpOptions): Transport {
  const open = new Set<Connection>()
  /** Of `send`: kept for the next one. */
  const waiting: Connection[] = []
  const connect = (): Connection => {
    const connection = new SmtpConnection(options)
    open.add(connection)
    return {
      offer: (envelope) => connection.offer(envelope),
      deliver: (message, next) => connection.deliver(message, next),
      withdraw: () => connection.withdraw(),
      async close() {
        open.delete(connection)
        await connection.close()
      },
    }
  }
  return {
    kind: options.kind,
    label: options.label,
    connections: options.connections,
    local: isLoopback(options.host),
    connect,
    async send(message: WireMessage): Promise<Outcome> {
      const connection = waiting.pop() ?? connect()
      const { from, to, messageId, raw } = message
      const answer = await connection.offer({ from, to, messageId, size: raw.length })
      const outcome = answer.state === 'ready' ? await connection.deliver(message, null) : answer
      waiting.push(connection)
      return outcome
    },
    async close() {
      await Promise.all([...open].map((connection) => connection.close()))
    },
  }
}
