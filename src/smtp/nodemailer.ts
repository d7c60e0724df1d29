import type { Readable } from 'node:stream'
import { createTransport } from 'nodemailer'
import { messageOf } from '../core/errors.ts'
import type { Outcome, Transport, WireMessage } from '../delivery/transport.ts'
import { isLoopback } from './loopback.ts'
import { startTlsUse, type SmtpOptions, type Wait } from './options.ts'
import { outcomeOf, type Failure } from './outcome.ts'
import { readable } from './reply.ts'

/** RFC 5321 §4.5.3.2.6: a server may take ten minutes over the final dot. */
const REPLY_TIMEOUT = 10 * 60_000

/**
 * SMTP over nodemailer's pool: one recipient a transaction, an explicit envelope, and no retry of
 * its own. A password is never sent in the clear but to this machine.
 * @throws OnrecordError `config` (see `startTlsUse`)
 */
export function openSmtpTransport(options: SmtpOptions): Transport {
  const { host, port, secure, auth, connections, timeouts } = options
  const startTls = startTlsUse(options)
  const bodies = new Map<string, Readable>()
  const pool = createTransport({
    pool: true,
    host,
    port,
    secure,
    // A server that offers no AUTH is asked for it all the same: never send as somebody unknown.
    ...(auth === null ? {} : { auth: { user: auth.user, pass: auth.pass }, forceAuth: true }),
    requireTLS: startTls === 'always',
    ignoreTLS: startTls === 'never',
    tls: { minVersion: 'TLSv1.2', ...(options.ca === undefined ? {} : { ca: options.ca }) },
    maxConnections: connections,
    maxMessages: Number.POSITIVE_INFINITY,
    // Whether a message goes out again is for the delivery rows to say.
    maxRequeues: 0,
    disableFileAccess: true,
    disableUrlAccess: true,
    connectionTimeout: timeouts?.connect ?? 30_000,
    greetingTimeout: timeouts?.greeting ?? 30_000,
    // It knows one wait for every reply: the longest one.
    socketTimeout: timeouts?.dot ?? timeouts?.reply ?? REPLY_TIMEOUT,
  })
  // The stream that the connection reads the body from: once it has been read, the body has begun.
  pool.use('stream', (mail, done) => {
    mail.message.processFunc((stream) => {
      bodies.set(String(mail.data.messageId), stream)
      return stream
    })
    done()
  })

  const send = async (message: WireMessage): Promise<Outcome> => {
    const { messageId, from, to, raw } = message
    try {
      const info = await pool.sendMail({ messageId, envelope: { from, to: [to] }, raw })
      return { state: 'accepted', reply: readable(info.response) }
    } catch (error) {
      return outcomeOf(readFailure(error), bodies.get(messageId)?.readableDidRead ?? false)
    } finally {
      bodies.delete(messageId)
    }
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

function readFailure(error: unknown): Failure {
  const field = (name: string): string => {
    const value: unknown = Reflect.get(Object(error), name)
    return typeof value === 'string' ? value : ''
  }
  const reply = field('response')
  const code = field('code')
  const message = messageOf(error)
  const stage = stageOf(field('command'))
  return {
    stage,
    reply: reply === '' ? null : reply.replaceAll(/\r?\n/g, '\n'),
    message,
    ...(code === 'EAUTH' || (code === 'EMESSAGE' && stage === 'mail') ? { refusal: 'fatal' as const } : {}),
    // An envelope that nodemailer itself will not send.
    ...(code === 'EENVELOPE' && reply === '' ? { refusal: 'other' as const } : {}),
  }
}

/** What nodemailer calls the command that failed; empty where there was none. */
function stageOf(command: string): Wait {
  switch (command) {
    case 'MAIL FROM':
      return 'mail'
    case 'RCPT TO':
      return 'rcpt'
    case 'DATA':
      return 'data'
    case 'STARTTLS':
      return 'starttls'
    case 'EHLO':
    case 'HELO':
      return 'ehlo'
    default:
      return command.startsWith('AUTH') ? 'auth' : 'connect'
  }
}
