import { hostname } from 'node:os'
import { isIPv6, type Socket } from 'node:net'
import { authenticate } from './auth.ts'
import { noCapabilities, readCapabilities, type Capabilities } from './capabilities.ts'
import { dial } from './dial.ts'
import { Dialogue } from './dialogue.ts'
import { isLoopback } from './loopback.ts'
import { startTlsUse, timeoutsOf, type SmtpOptions, type Wait } from './options.ts'
import { SmtpFailure } from './outcome.ts'
import type { Reply } from './reply.ts'
import { secure, type Securing } from './secure.ts'

/** A server that is ready for MAIL. */
export interface Session {
  readonly dialogue: Dialogue
  readonly server: Capabilities
}

/**
 * Connects and says hello, with TLS and a password where the options ask for them.
 * @throws SmtpFailure
 */
export async function openSession(options: SmtpOptions, aborted: AbortSignal): Promise<Session> {
  const timeouts = timeoutsOf(options)
  const { host, port } = options
  const securing: Securing = {
    host,
    timeout: timeouts.tls,
    aborted,
    ...(options.ca === undefined ? {} : { ca: options.ca }),
  }
  const tcp = await dial({ host, port, timeout: timeouts.connect, aborted })
  const name = clientName(options, tcp)
  let dialogue = new Dialogue(options.secure ? await secure(tcp, securing) : tcp, timeouts)
  const abort = (): void => dialogue.end('the connection was closed')
  aborted.addEventListener('abort', abort)
  try {
    expect(await dialogue.ask(null, 'greeting'), 'greeting', 220)
    let server = await hello(dialogue, name)
    let encrypted = options.secure
    if (wantsStartTls(options, server)) {
      expect(await dialogue.ask('STARTTLS', 'starttls'), 'starttls', 220)
      dialogue = new Dialogue(await secure(dialogue.release(), securing), timeouts)
      encrypted = true
      // RFC 3207 §4.2: what it said in the clear counts for nothing.
      server = await hello(dialogue, name)
    }
    if (options.auth !== null) {
      if (!encrypted && !isLoopback(host))
        throw refusedByUs('auth', 'no password is sent in the clear: set SMTP_TLS=auto')
      await authenticate(dialogue, server.auth, options.auth)
    }
    return { dialogue, server }
  } catch (error) {
    dialogue.end('the server cannot be used')
    throw error
  } finally {
    aborted.removeEventListener('abort', abort)
  }
}

function wantsStartTls(options: SmtpOptions, { startTls }: Capabilities): boolean {
  switch (startTlsUse(options)) {
    case 'never':
      return false
    case 'offered':
      return startTls
    case 'always':
      if (startTls) return true
      throw refusedByUs(
        'starttls',
        'the server offers no STARTTLS: use smtps:// (port 465) in SMTP_URL; SMTP_TLS=off does without, where there is no password',
      )
  }
}

function refusedByUs(stage: Wait, message: string): SmtpFailure {
  return new SmtpFailure({ stage, reply: null, message, refusal: 'fatal' })
}

/** EHLO, or HELO where the server does not know that (RFC 5321 §3.2). */
async function hello(dialogue: Dialogue, name: string): Promise<Capabilities> {
  const reply = await dialogue.ask(`EHLO ${name}`, 'ehlo')
  if (reply.code === 250) return readCapabilities(reply)
  if (reply.code < 500) throw refusal(reply, 'ehlo')
  expect(await dialogue.ask(`HELO ${name}`, 'ehlo'), 'ehlo', 250)
  return noCapabilities
}

function expect(reply: Reply, stage: Wait, code: number): void {
  if (reply.code !== code) throw refusal(reply, stage)
}

function refusal({ text }: Reply, stage: Wait): SmtpFailure {
  return new SmtpFailure({ stage, reply: text, message: text })
}

/** A full name, or an address literal (RFC 5321 §4.1.4). */
function clientName({ clientName: given }: SmtpOptions, socket: Socket): string {
  if (given !== undefined) return given
  const name = hostname()
  if (/^(?=.{1,253}$)[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(name)) return name
  const address = socket.localAddress ?? '127.0.0.1'
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address
  return isIPv6(mapped) ? `[IPv6:${mapped.replace(/%.*$/, '')}]` : `[${mapped}]`
}
