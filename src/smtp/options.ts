import { OnrecordError } from '../core/errors.ts'
import type { Transport } from '../delivery/transport.ts'
import { isLoopback } from './loopback.ts'

/** What a server is waited for. `tls` is the handshake; `block` a part of the content being taken. */
export type Wait =
  | 'connect'
  | 'greeting'
  | 'ehlo'
  | 'starttls'
  | 'tls'
  | 'auth'
  | 'mail'
  | 'rcpt'
  | 'data'
  | 'block'
  | 'dot'
  | 'rset'
  | 'quit'

/** Milliseconds. */
export type Timeouts = Readonly<Record<Wait, number>>

const MINUTE = 60_000

/** RFC 5321 §4.5.3.2, but for connecting and leaving, of which it says nothing. */
const standardTimeouts: Timeouts = {
  connect: 30_000,
  greeting: 5 * MINUTE,
  ehlo: 5 * MINUTE,
  starttls: 2 * MINUTE,
  tls: MINUTE,
  auth: 2 * MINUTE,
  mail: 5 * MINUTE,
  rcpt: 5 * MINUTE,
  data: 2 * MINUTE,
  block: 3 * MINUTE,
  dot: 10 * MINUTE,
  rset: 5 * MINUTE,
  quit: 2_000,
}

/** How a server is reached, and how it is treated. */
export interface SmtpOptions {
  readonly kind: Transport['kind']
  /** For people, without credentials. */
  readonly label: string
  readonly host: string
  readonly port: number
  /** TLS from the first byte; otherwise `tls` says. */
  readonly secure: boolean
  /**
   * Of a connection that begins in the clear: STARTTLS where it is offered, and always with a password
   * (`auto`), always, or never. On this machine and without a password, `auto` does without.
   */
  readonly tls: 'auto' | 'required' | 'off'
  readonly auth: { readonly user: string; readonly pass: string } | null
  readonly connections: number
  /** How we name ourselves: a full host name. Default: this machine's, or its address. */
  readonly clientName?: string
  /** PEM; trusted instead of what Node trusts, to which NODE_EXTRA_CA_CERTS can add. */
  readonly ca?: string
  /** `reply` stands for every wait that is not given. */
  readonly timeouts?: Partial<Timeouts> & { readonly reply?: number }
  /** Messages over one connection, before another is opened. Default: 1,000. */
  readonly messagesPerConnection?: number
  /** Milliseconds without a message after which another connection is opened. Default: 30,000. */
  readonly idle?: number
}

/** How long each wait may last with these options. */
export function timeoutsOf({ timeouts = {} }: Pick<SmtpOptions, 'timeouts'>): Timeouts {
  const { reply, ...given } = timeouts
  const waits = Object.entries(standardTimeouts).map(([wait, limit]) => [wait, reply ?? limit])
  return { ...standardTimeouts, ...Object.fromEntries(waits), ...given }
}

/**
 * Whether a connection that begins in the clear goes over to TLS.
 * @throws OnrecordError `config` where a password would be sent in the clear to another machine
 */
export function startTlsUse({ host, secure, tls, auth }: SmtpOptions): 'never' | 'offered' | 'always' {
  const here = isLoopback(host)
  if (secure) return 'never'
  switch (tls) {
    case 'required':
      return 'always'
    case 'auto':
      if (here) return auth === null ? 'never' : 'offered'
      return auth === null ? 'offered' : 'always'
    case 'off':
      if (auth === null || here) return 'never'
      throw new OnrecordError('config', `SMTP_TLS=off would send the password to ${host} in the clear.`, {
        hint: 'set SMTP_TLS=auto, or smtps:// in SMTP_URL',
      })
  }
}
