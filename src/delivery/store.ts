import type { Tier } from '../core/tier.ts'
import type { SubscriberTier } from '../subscribers/subscriber.ts'
import type { Begun, ClaimedDelivery, Round, RoundKind, RoundState, Step, Tally } from './round.ts'

/** What is frozen of an issue. */
export interface Frozen {
  readonly newsletter: string
  readonly transport: string
  /** What the messages depend on beside the editions: base URL, Message-ID domain, DKIM selector; and `to`: the one tier it is for, or null. */
  readonly settings: Readonly<Record<string, string | null>>
  readonly editions: Readonly<Partial<Record<Tier, string>>>
}

/** What is frozen when a round is opened. */
export interface NewRound extends Frozen {
  readonly issue: string
  readonly kind: RoundKind
  /** One above the latest round that was seen, so that two senders cannot open two. */
  readonly number: number
}

/** Whom a newsletter reaches now: confirmed, not suppressed, not erased. */
export interface Audience {
  readonly subscriber: number
  readonly member: number
  /** Of these, addresses under names that are reserved for tests and documents (RFC 2606, RFC 6761). */
  readonly reserved: number
}

/** A delivery whose end is not known. */
export interface UnknownDelivery {
  readonly address: string | null
  readonly messageId: string | null
  /** Milliseconds since the epoch. */
  readonly since: number
  readonly reply: string
}

/** The store was put back from a backup, and what was sent after that is not known. Times in milliseconds since the epoch. */
export interface Restored {
  /** When the backup was made. */
  readonly backupAt: number
  readonly restoredAt: number
  /** Issues of which a person has said that sending may go on all the same. */
  readonly confirmed: readonly string[]
}

/** Messages of real rounds that were begun within one second. */
export interface BegunMessages {
  /** The second's beginning, milliseconds since the epoch. */
  readonly at: number
  readonly begun: number
  /** Of these, accepted, or perhaps. */
  readonly taken: number
}

/** The delivery rows, which are the truth: no counter and no watermark stands beside them. */
export interface DeliveryStore {
  audience(newsletter: string): Promise<Audience>
  /** Opens the round of this number, `freezing`; where another sender was faster, gives theirs. */
  openRound(round: NewRound): Promise<Round>
  /** The latest round of the issue and kind, or null. */
  round(issue: string, kind: RoundKind): Promise<Round | null>
  /** Latest first; every issue's when none is named. */
  rounds(issue?: string): Promise<readonly Round[]>
  /**
   * Adds rows for the next people of the audience who have none, and remembers how far it came,
   * in one commit. Resumes after a crash.
   * @returns `more` false when everybody has been looked at
   */
  freezeChunk(round: number, limit: number): Promise<{ readonly added: number; readonly more: boolean }>
  /** Ends freezing: `sending`, with the count of its rows. */
  seal(round: number): Promise<Round>
  /** A round that is done looks for people who have no row, of one tier or of both: `freezing` again. */
  reopen(round: number, to?: SubscriberTier | null): Promise<Round>
  /** Another server goes on with it. */
  relabel(round: number, transport: string): Promise<Round>
  /** Whether a server has seen any message of it; one that could not be reached has not. */
  hasGoneOut(round: number): Promise<boolean>
  /** Whether its rows are there; on PostgreSQL an operator may have taken them out, all of a round at once. */
  keepsRows(round: number): Promise<boolean>
  /**
   * Begins freezing anew, rows and all, in one commit; called by the only sender.
   * @returns null when something has gone out, or it was cancelled: then nothing changed
   */
  refreeze(round: number, frozen: Frozen): Promise<Round | null>
  /**
   * Sets a state; `done` and `cancelled` also set when it finished, `cancelled` what becomes of waiting rows.
   * @param from only where this is its state: somebody else may have set another
   * @returns the round as it is then: unchanged where it was cancelled, or would be done while rows wait
   */
  setState(round: number, state: RoundState, reason: string | null, from?: RoundState): Promise<Round>
  /**
   * What becomes of the deliveries whose end is not known: they stay as they are, or each goes back to
   * the queue, once and never a second time.
   * @returns how many went back, and how many stay unknown
   */
  resolveUnknowns(
    round: number,
    how: 'hold' | 'resend',
  ): Promise<{ readonly resent: number; readonly held: number }>
  /**
   * Called by the only sender, or by each that shares a round, before it begins: what a dead one left on the wire is
   * unknown, what it had claimed is free.
   * @param frozenAt `startedAt` of the round whose messages it makes: where it was frozen anew since, `claim` gives none
   */
  recover(round: number, frozenAt?: number): Promise<{ readonly unknown: number; readonly released: number }>
  /**
   * Takes up to about `limit` rows that are queued, or deferred and due; those who left meanwhile
   * become suppressed. None: nothing is left that may be sent now, or the round is not `sending`.
   * What was taken is not given a second time before it is settled or released.
   */
  claim(round: number, limit: number): Promise<readonly ClaimedDelivery[]>
  /** Gives back what was claimed and never begun. */
  release(round: number): Promise<void>
  /** Writes what became of some messages and puts others on the wire, in one durable commit. */
  advance(round: number, steps: readonly Step[]): Promise<readonly (Begun | null)[]>
  /** Puts off some that were claimed and not begun: deferred until `nextAt`, with a reply that says why; in one commit. */
  postpone(round: number, ids: readonly number[], nextAt: number, reply: string): Promise<void>
  /** Reads taken rows again, in this order; those that do not wait any more are left out. */
  reread(round: number, ids: readonly number[]): Promise<readonly ClaimedDelivery[]>
  /** What was begun since then in real rounds of any issue, by second, oldest first. */
  begunSince(since: number): Promise<readonly BegunMessages[]>
  tally(round: number): Promise<Tally>
  /** When the next deferred row is due, or the next one after a time; or null. */
  nextDue(round: number, after?: number): Promise<number | null>
  unknowns(round: number): Promise<readonly UnknownDelivery[]>
  /**
   * Null where the store was never restored, or every issue is confirmed.
   * @throws OnrecordError `refused` where a dump or a copy brought it to another database and nobody has said so
   */
  restored(): Promise<Restored | null>
  /** A person says that sending goes on after a restore: of this issue, or of all (null). */
  confirmRestored(issue: string | null): Promise<void>
}

/** Holds the right to send, for as long as this process lives. */
export interface SenderLock {
  release(): void | Promise<void>
}
