import { isIP } from 'node:net'
import type { Readable } from 'node:stream'
import { createTransport } from 'nodemailer'
import { messageOf } from '../core/errors.ts'
import type { Outcome, Transport, WireMessage } from '../delivery/transport.ts'
import { createSigner, type DkimKey } from './dkim.ts'
import { outcomeOf, type Failure } from './outcome.ts'

export interface SmtpOptions {
  readonly kind: Transport['kind']
  /** For people, without credentials. */
  readonly label: string
  readonly host: string
  readonly port: number
  /** TLS from the first byte; otherwise STARTTLS where it is offered. */
  readonly secure: boolean
  readonly auth: { readonly user: string; readonly pass: string } | null
  readonly connections: number
  readonly dkim: DkimKey | null
  /** Milliseconds; defaults as RFC 5321 §4.5.3.2 asks. */
  readonly timeouts?: { readonly connect?: number; readonly greeting?: number; readonly reply?: number }
}

/** RFC 5321 §4.5.3.2.6: a server may take ten minutes over the final dot. */
const REPLY_TIMEOUT = 10 * 60_000

/**
 * SMTP over nodemailer's pool: one recipient a transaction, an explicit envelope, and no retry of
 * its own. A password is never sent in the clear but to this machine.
 * @throws OnrecordError `config` for a DKIM key that is not RSA
 */
export function openSmtpTransport(options: SmtpOptions): Transport {
  const { host, port, secure, auth, connections, timeouts } = options
  const sign = options.dkim === null ? null : createSigner(options.dkim)
  const bodies = new Map<string, Readable>()
  const pool = createTransport({
    pool: true,
    host,
    port,
    secure,
    // A server that offers no AUTH is asked for it all the same: never send as somebody unknown.
    ...(auth === null ? {} : { auth: { user: auth.user, pass: auth.pass }, forceAuth: true }),
    requireTLS: auth !== null && !secure && !isLoopback(host),
    maxConnections: connections,
    maxMessages: Number.POSITIVE_INFINITY,
    // Whether a message goes out again is for the delivery rows to say.
    maxRequeues: 0,
    disableFileAccess: true,
    disableUrlAccess: true,
    connectionTimeout: timeouts?.connect ?? 30_000,
    greetingTimeout: timeouts?.greeting ?? 30_000,
    socketTimeout: timeouts?.reply ?? REPLY_TIMEOUT,
  })
  // The stream that the connection reads the body from: once it has been read, the body has begun.
  pool.use('stream', (mail, done) => {
    mail.message.processFunc((stream) => {
      bodies.set(String(mail.data.messageId), stream)
      return stream
    })
    done()
  })

  const attempt = async (message: WireMessage, raw: Buffer): Promise<Outcome> => {
    const { messageId, from, to } = message
    try {
      const info = await pool.sendMail({ messageId, envelope: { from, to: [to] }, raw })
      return { state: 'accepted', reply: info.response }
    } catch (error) {
      return outcomeOf(readFailure(error), bodies.get(messageId)?.readableDidRead ?? false)
    } finally {
      bodies.delete(messageId)
    }
  }

  const send = async (message: WireMessage): Promise<Outcome> => {
    if (sign === null) return attempt(message, message.raw)
    let signed: Buffer
    try {
      signed = await sign(message.raw)
    } catch (error) {
      return { state: 'rejected', class: 'fatal', reply: messageOf(error) }
    }
    return attempt(message, signed)
  }

  return {
    kind: options.kind,
    label: options.label,
    connections,
    local: isLoopback(host),
    // The pool has its own connections and tells of a message only when all of it has been said.
    connect: () => ({
      offer: async () => ({ state: 'ready' }),
      deliver: send,
      withdraw: () => undefined,
      close: async () => undefined,
    }),
    send,
    async close() {
      pool.close()
    },
  }
}

/** Whether mail to this server cannot leave the machine. */
export function isLoopback(host: string): boolean {
  if (host === 'localhost' || host.endsWith('.localhost')) return true
  const version = isIP(host)
  return (version === 4 && host.startsWith('127.')) || (version === 6 && /^(0*:)*0*1$/.test(host))
}

function readFailure(error: unknown): Failure {
  const field = (name: string): string => {
    const value: unknown = Reflect.get(Object(error), name)
    return typeof value === 'string' ? value : ''
  }
  const reply = field('response')
  return {
    code: field('code'),
    command: field('command'),
    reply: reply === '' ? null : reply.replace(/\s*\n\s*/g, ' '),
    message: error instanceof Error ? error.message : String(error),
  }
}
