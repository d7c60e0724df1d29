import { hostname } from 'node:os'
import { isIPv6, type Socket } from 'node:net'
import { noCapabilities, readCapabilities, type Capabilities } from './capabilities.ts'
import { dial } from './dial.ts'
import { Dialogue } from './dialogue.ts'
import { timeoutsOf, type SmtpOptions, type Wait } from './options.ts'
import { SmtpFailure } from './outcome.ts'
import type { Reply } from './reply.ts'

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
  const socket = await dial({ host, port, timeout: timeouts.connect, aborted })
  const dialogue = new Dialogue(socket, timeouts)
  aborted.addEventListener('abort', () => dialogue.end('the connection was closed'))
  try {
    require(await dialogue.ask(null, 'greeting'), 'greeting', 220)
    const server = await hello(dialogue, clientName(options, socket))
    return { dialogue, server }
  } catch (error) {
    dialogue.end('the server is of no use')
    throw error
  }
}

/** EHLO, or HELO where the server does not know that (RFC 5321 §3.2). */
async function hello(dialogue: Dialogue, name: string): Promise<Capabilities> {
  const reply = await dialogue.ask(`EHLO ${name}`, 'ehlo')
  if (reply.code === 250) return readCapabilities(reply)
  if (reply.code < 500) throw refusal(reply, 'ehlo')
  require(await dialogue.ask(`HELO ${name}`, 'ehlo'), 'ehlo', 250)
  return noCapabilities
}

function require(reply: Reply, stage: Wait, code: number): void {
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
