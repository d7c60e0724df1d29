import type { Connection, Outcome, Transport, WireMessage } from '../delivery/transport.ts'
import { SmtpConnection } from './connection.ts'
import { isLoopback } from './loopback.ts'
import { startTlsUse, type SmtpOptions } from './options.ts'

/**
 * Our SMTP client, made for bulk (RFC 5321): one recipient a transaction, and the envelope of the next
 * message in the same packet as the content of the one before it where the server pipelines.
 * @throws OnrecordError `config` (see `startTlsUse`)
 */
export function openSmtpClient(options: SmtpOptions): Transport {
  startTlsUse(options)
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
      const raw = stuffed(message.raw)
      const { from, to, messageId } = message
      const eightBit = raw.some((octet) => octet > 127)
      const answer = await connection.offer({ from, to, messageId, size: raw.length, eightBit })
      const outcome = answer.state === 'ready' ? await connection.deliver({ ...message, raw }, null) : answer
      waiting.push(connection)
      return outcome
    },
    async close() {
      await Promise.all([...open].map((connection) => connection.close()))
    },
  }
}

/** A dot more where a line begins with one (RFC 5321 §4.5.2), and a last line end: what editions have anyway. */
function stuffed(raw: Buffer): Buffer {
  const text = raw.toString('latin1')
  if (!/(?:^|\r\n)\./.test(text) && text.endsWith('\r\n')) return raw
  const ended = text.endsWith('\r\n') ? text : `${text}\r\n`
  return Buffer.from(ended.replaceAll(/(^|\r\n)\./g, '$1..'), 'latin1')
}
