/** One message ready for the wire. */
export interface WireMessage {
  /** Envelope addresses, without angle brackets. */
  readonly from: string
  readonly to: string
  readonly messageId: string
  /** CRLF line ends, unsigned; the transport signs and dot-stuffs. */
  readonly raw: Buffer
}

/**
 * What became of one attempt:
 * - accepted: the server said 250 after the body
 * - deferred: a 4xx reply, or nothing had been begun; safe to try again
 * - rejected: a 5xx reply
 * - unknown: the body may have been taken and no reply came
 */
export type Outcome =
  | { readonly state: 'accepted'; readonly reply: string }
  | { readonly state: 'deferred'; readonly reply: string; readonly serverDown: boolean }
  | { readonly state: 'rejected'; readonly reply: string; readonly class: RejectionClass }
  | { readonly state: 'unknown'; readonly reply: string }

/** address: never write there again (5.1.1 …); policy: 5.7.x; fatal: the server refuses us (AUTH, MAIL), stop. */
export type RejectionClass = 'address' | 'policy' | 'fatal' | 'other'

/** Puts messages on the wire, up to `connections` at a time. Never throws for what a server says. */
export interface Transport {
  readonly kind: 'smtp' | 'outbox'
  /** For people: `smtp://mail.example.org:587` without credentials, or `the outbox`. */
  readonly label: string
  readonly connections: number
  /** On this machine: nothing leaves it, so that addresses nobody can be reached at may be tried. */
  readonly local: boolean
  send(message: WireMessage): Promise<Outcome>
  close(): Promise<void>
}
