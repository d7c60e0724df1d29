import { TLSSocket } from 'node:tls'
import { createTransport } from 'nodemailer'
import { messageOf } from '../core/errors.ts'
import type { Capabilities } from './capabilities.ts'
import { isLoopback } from './loopback.ts'
import type { SmtpOptions } from './options.ts'
import { openSession } from './session.ts'

/** What became of saying hello; no mail is spoken of. */
export type Probe =
  | {
      readonly ok: true
      /** Null: nodemailer does not tell. */
      readonly server: Capabilities | null
      /** `TLSv1.3`; null in the clear, or where it is not told. */
      readonly tls: string | null
    }
  | { readonly ok: false; readonly reason: string }

/** Connects as a send does, with TLS and the password, and leaves. */
export async function probeServer(options: SmtpOptions, aborted: AbortSignal): Promise<Probe> {
  try {
    const { dialogue, server } = await openSession(options, aborted)
    const { socket } = dialogue
    const tls = socket instanceof TLSSocket ? socket.getProtocol() : null
    await dialogue.ask('QUIT', 'quit').catch(() => undefined)
    dialogue.end('the probe is over')
    return { ok: true, server, tls }
  } catch (error) {
    return { ok: false, reason: messageOf(error) }
  }
}

/** The same through nodemailer, for a server that ours cannot serve. */
export async function probeWithNodemailer(options: SmtpOptions): Promise<Probe> {
  const { host, port, secure, auth, timeouts } = options
  const wait = timeouts?.reply ?? 30_000
  const transport = createTransport({
    host,
    port,
    secure,
    ...(auth === null ? {} : { auth: { user: auth.user, pass: auth.pass }, forceAuth: true }),
    requireTLS: auth !== null && !secure && !isLoopback(host),
    connectionTimeout: timeouts?.connect ?? wait,
    greetingTimeout: wait,
    socketTimeout: wait,
  })
  try {
    await transport.verify()
    return { ok: true, server: null, tls: null }
  } catch (error) {
    return { ok: false, reason: messageOf(error) }
  } finally {
    transport.close()
  }
}
