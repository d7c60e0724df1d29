/** One message ready for the wire. */
export interface WireMessage {
  /** Envelope addresses, without angle brackets. */
  readonly from: string
  readonly to: string
  readonly messageId: string
  /**
   * The content, signed where a key is set: CRLF line ends and a last one, lines of at most 998
   * octets, none that begins with a dot. The memory is used again once the outcome is known.
   */
  readonly raw: Buffer
}

/** What a server must know before it sees the content (RFC 5321 §3.3). */
export type Envelope = Omit<WireMessage, 'raw'> & {
  /** Octets of the content (RFC 1870). */
  readonly size: number
  /** The content has octets above 127 (RFC 6152). Default: it has none. */
  readonly eightBit?: boolean
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
  | {
      readonly state: 'deferred'
      readonly reply: string
      readonly serverDown: boolean
      /** Of a server that is down: it had greeted us, and was told of this message when the connection went. */
      readonly told?: boolean
    }
  | { readonly state: 'rejected'; readonly reply: string; readonly class: RejectionClass }
  | { readonly state: 'unknown'; readonly reply: string }

/** address: never write there again (5.1.1 …); policy: 5.7.x; fatal: the server refuses us (AUTH, MAIL), stop. */
export type RejectionClass = 'address' | 'policy' | 'fatal' | 'other'

/** The server waits for the content of the message that was offered. Nothing has been accepted. */
export interface Ready {
  readonly state: 'ready'
}

/**
 * One connection, opened when it is first needed and again after it was lost. At most one message is
 * offered and one delivered at a time, in this order: `offer` → `deliver` (or `withdraw`) → `offer` …
 * Nothing throws for what a server says or does not say.
 */
export interface Connection {
  /**
   * Tells the server of a message: MAIL, RCPT, DATA. Nothing can be accepted before its content is
   * delivered, so that this may go out before the row is `on_wire`.
   * @returns ready, or the outcome of a message the server will not have
   */
  offer(envelope: Envelope): Promise<Ready | Exclude<Outcome, { readonly state: 'accepted' }>>
  /**
   * Writes the content of the message last offered and, in the same packet where the server pipelines
   * (RFC 2920), the envelope of the `next` one, which is thereby offered: `offer(next)` then only waits
   * for the answer.
   */
  deliver(message: WireMessage, next: Envelope | null): Promise<Outcome>
  /** Takes the message last offered back: its content is never delivered. */
  withdraw(): void
  /** QUIT, where nothing is under way; never rejects. */
  close(): Promise<void>
}

/** A server that takes messages, over up to `connections` connections at a time. */
export interface Transport {
  readonly kind: 'smtp' | 'outbox'
  /** For people: `smtp://mail.example.org:587` without credentials, or `the outbox`. */
  readonly label: string
  readonly connections: number
  /** On this machine: nothing leaves it, so that addresses nobody can be reached at may be tried. */
  readonly local: boolean
  /** A connection for one lane of a send. */
  connect(): Connection
  /** One message alone: a test, a confirmation. */
  send(message: WireMessage): Promise<Outcome>
  close(): Promise<void>
}
