import { join } from 'node:path'
import { loadTemplate } from '../../src/render/template.ts'
import { startMailer, type Mailer, type MailerDeps } from '../../src/site/mailer.ts'
import type { SiteDeps } from '../../src/site/deps.ts'
import { openSmtpTransport } from '../../src/smtp/nodemailer.ts'
import { mailFormat } from '../../src/store/mail-format.ts'
import { startSink, type Sink, type SinkOptions } from '../delivery/sink.ts'
import { openBed, type SiteBed } from './bed.ts'

const look = join(import.meta.dirname, '..', '..', 'templates', 'weekly')

/** The site with a mailer that writes to a real SMTP server in this process. */
export interface MailBed extends SiteBed {
  readonly sink: Sink
  readonly mailer: Mailer
  /** Waits until so many messages have come to `address`, and gives the last one as text. */
  mail(address: string, count?: number): Promise<string>
  /** So long that a letter would have come. */
  quiet(): Promise<void>
  close(): Promise<void>
}

/** @param options.mailer what is to be otherwise in the mailer */
export async function openMailBed(
  options: {
    readonly site?: Partial<SiteDeps>
    readonly mailer?: Partial<MailerDeps>
    readonly sink?: SinkOptions
  } = {},
): Promise<MailBed> {
  const sink = await startSink(options.sink)
  let mailer: Mailer | null = null
  const bed = await openBed({ wakeMailer: () => mailer?.wake(), ...options.site })
  const started = startMailer({
    ...bed.deps,
    letters: bed.deps.readers,
    looks: new Map(),
    builtIn: await loadTemplate(look),
    signer: null,
    formatOf: async (address) => mailFormat(bed.database, bed.tokens, address),
    openTransport: async () => transportTo(sink.port),
    // As fast as the machine is: what waits is woken.
    sleep: (milliseconds, ended) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, Math.min(milliseconds, 20))
        ended.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true })
      }),
    ...options.mailer,
  })
  mailer = started
  const count = (address: string): number => sink.recipients.filter((each) => each === address).length
  return {
    ...bed,
    sink,
    mailer: started,
    async mail(address, expected = 1) {
      for (let waited = 0; count(address) < expected; waited += 10) {
        if (waited > 10_000) throw new Error(`only ${count(address)} messages came to ${address}`)
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
      return decoded(sink.messages.get(address) ?? '')
    },
    quiet: () => new Promise((resolve) => setTimeout(resolve, 300)),
    async close() {
      await started.close()
      await sink.close()
    },
  }
}

/** An SMTP server of this test. */
export function transportTo(port: number) {
  return openSmtpTransport({
    kind: 'smtp',
    label: 'the test’s server',
    host: '127.0.0.1',
    port,
    secure: false,
    tls: 'off',
    auth: null,
    connections: 1,
    timeouts: { reply: 3_000 },
  })
}

/** Quoted-printable read back. */
export function decoded(raw: string): string {
  const octets = raw
    .replaceAll('=\r\n', '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(octets, 'latin1').toString('utf8')
}

/** The path of the first link of a kind in a message: `/confirm/…`. */
export function linkIn(message: string, kind: string): string {
  const found = new RegExp(`https?://[^/\\s"]+(/${kind}/[A-Za-z0-9._-]+)`).exec(message)?.[1]
  if (found === undefined) throw new Error(`the message has no ${kind} link`)
  return found
}
