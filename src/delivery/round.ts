import type { Tier } from '../core/tier.ts'
import type { MailFormat } from '../email/edition.ts'
import type { SubscriberTier } from '../subscribers/subscriber.ts'
import type { RejectionClass } from './transport.ts'

/*
 * The states of one delivery (one issue, one subscriber):
 *
 *   queued ──▶ claimed ──▶ on_wire ──▶ accepted
 *     ▲          │ ╲         ├─ 4xx ─▶ deferred(next_at) ──▶ claimed
 *     │          │  ╲        ├─ 5xx ─▶ rejected(class)
 *     ├──────────┘   ╲       └─ no reply after the body had begun, or crash ─▶ unknown
 *     │  crash (safe) ╲
 *     │                └─ refused at its envelope, and so never on the wire ─▶ deferred | rejected
 *     └─ nothing was begun: the server is down, or refuses us
 *
 *   before the wire: suppressed (left, suppressed or erased since the freeze), cancelled
 *   accepted ─▶ bounced | complained
 *   unknown is held, so that nobody is mailed twice, or goes back to queued once, on somebody's word
 *
 * `on_wire` is committed durably before the transport is given the message, so that after a
 * crash exactly the messages that may have gone out stand there; they become `unknown`. In SQLite
 * `claimed` is kept in the memory of the one sender: its rows stay queued or deferred.
 *
 * The states of a round (one sending of an issue):
 *
 *   freezing ──▶ sending ◀──▶ paused(reason)      any from which nothing has gone out ──▶ freezing (anew)
 *      ▲            └──▶ done ──▶ freezing (people confirmed since)     any ──▶ cancelled
 *      └── resumes after a crash where its last chunk ended
 */

export const deliveryStates = [
  'queued',
  'claimed',
  'on_wire',
  'deferred',
  'accepted',
  'rejected',
  'unknown',
  'suppressed',
  'cancelled',
  'bounced',
  'complained',
] as const

export type DeliveryState = (typeof deliveryStates)[number]

/** How many deliveries of a round are in each state; their sum is the round's total. */
export type Tally = Readonly<Record<DeliveryState, number>>

export type RoundState = 'freezing' | 'sending' | 'paused' | 'done' | 'cancelled'

/** A real send counts as delivered; a rehearsal (the outbox) never does. */
export type RoundKind = 'real' | 'rehearsal'

/** One sending of an issue: its editions, settings and audience as they were frozen. */
export interface Round {
  readonly id: number
  readonly issue: string
  readonly newsletter: string
  readonly kind: RoundKind
  /** From 1. The next one: a rehearsal of an issue that has changed; after a cancel before anything went out. */
  readonly number: number
  readonly state: RoundState
  /** Why it is paused, in plain words, or null. */
  readonly reason: string | null
  /** Rows frozen, once sealed; null while freezing. */
  readonly total: number | null
  /** The label of the transport that sends it, or did last. */
  readonly transport: string
  /** Whom of the newsletter it is frozen for; null: everybody. Whoever that leaves out gets it when it looks for others again. */
  readonly to: SubscriberTier | null
  /** Tier → hash of the frozen edition. */
  readonly editions: Readonly<Partial<Record<Tier, string>>>
  /** Milliseconds since the epoch. */
  readonly startedAt: number
  readonly finishedAt: number | null
}

/** A delivery taken by the sender, with what makes its message. */
export interface ClaimedDelivery {
  readonly id: number
  readonly publicId: string
  readonly address: string
  readonly tier: Tier
  /** As it was frozen, or null. */
  readonly name: string | null
  /** As it was frozen. */
  readonly format: MailFormat
  /** Attempts before this one. */
  readonly attempts: number
  /** Of the first attempt, unchanged on a retry; null before it. */
  readonly firstAttemptAt: number | null
}

/** A delivery about to go on the wire. */
export interface Begin {
  readonly id: number
  readonly messageId: string
  /** The message's date: that of the first attempt. */
  readonly at: number
  /** `Signer.keyId` of what signed it; null: nothing did. */
  readonly keyId?: string | null
  /** To whom it is made. Where the row goes elsewhere by now, it is not begun and nothing is written of a refusal. */
  readonly address?: string
}

/** What the sender writes after an attempt. */
export interface Settlement {
  readonly id: number
  readonly state: 'accepted' | 'deferred' | 'rejected' | 'unknown' | 'queued'
  readonly reply: string
  readonly class: RejectionClass | null
  /** When a deferred one may be tried again. */
  readonly nextAt: number | null
  readonly at: number
  /**
   * Of one that never was on the wire: what it would have begun with, where a server refused it at its
   * envelope, which counts as an attempt; null where no server heard of it. Left out: it was on the wire.
   */
  readonly unbegun?: Begin | null
}

/** One lane's step: what became of its last message, and the next one it puts on the wire. */
export interface Step {
  readonly settle: Settlement | null
  readonly begin: Begin | null
}

/** begun: it may go out; suppressed: the person left meanwhile, or moved and waits anew; stopped: the round was paused or cancelled. */
export type Begun = 'begun' | 'suppressed' | 'stopped'
