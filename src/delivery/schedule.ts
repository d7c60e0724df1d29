import { describeTime } from './schedule-time.ts'
import type { Round, RoundKind } from './round.ts'
import type { RoundStatus } from './status.ts'
import type { Audience, Frozen } from './store.ts'

/*
 * A send that waits for its time:
 *
 *   waiting ──▶ (its row becomes a round, in one commit)       waiting ◀──▶ held(reason), until a person decides
 *
 * Its text is frozen when it is scheduled: what was approved then goes out, unless somebody has sent it back since. Its audience is frozen when it starts:
 * who joined meanwhile gets it, who left does not.
 */

/** What is to be sent, and when. */
export interface NewScheduled extends Frozen {
  readonly issue: string
  readonly kind: RoundKind
  /** Of the round that it opens; of one that is done, which then looks for people confirmed since. */
  readonly number: number
  /** Milliseconds since the epoch. */
  readonly at: number
}

export interface Scheduled extends NewScheduled {
  /** Another one when it is moved. */
  readonly id: number
  /** When its text was frozen, milliseconds since the epoch. */
  readonly frozenAt: number
  /** Why it does not start by itself, or null. */
  readonly held: string | null
}

/** The sends that wait for their time: at most one of an issue and a kind. */
export interface ScheduleStore {
  /**
   * Writes it down in the place of what was scheduled of the issue and kind.
   * @returns null when a round of the issue is in flight meanwhile, or one with that number is no longer `done`
   */
  set(scheduled: NewScheduled): Promise<Scheduled | null>
  get(issue: string, kind: RoundKind): Promise<Scheduled | null>
  /** All of a kind, or all; the next first. */
  list(kind?: RoundKind): Promise<readonly Scheduled[]>
  /** From now on it waits for a person. @returns false when it was moved or taken back meanwhile */
  hold(id: number, reason: string): Promise<boolean>
  /** What was held starts at this time, with the text that was frozen. @returns false when it is not held any more */
  release(id: number, at: number): Promise<boolean>
  /** Takes it back. @returns false when it was moved, taken back or started meanwhile */
  remove(id: number): Promise<boolean>
  /**
   * Turns it into a round that is `freezing` and, where it is real and new, puts the issue on the site; all in one
   * commit, so that of two processes one does it, once.
   * @returns null when it was moved, held, taken back or started meanwhile, or was sent in another way
   */
  begin(id: number): Promise<Round | null>
  /** Whom that round would be frozen for if it began now. */
  audience(
    round: Pick<NewScheduled, 'issue' | 'kind' | 'number' | 'newsletter'>,
  ): Promise<Pick<Audience, 'subscriber' | 'member'>>
}

/** How it stands, in the shape of every other send: `startedAt` is when it is to start; held, it is `paused`. */
export function statusOfScheduled({ issue, transport, at, held }: Scheduled, timeZone: string): RoundStatus {
  const none = { queued: 0, claimed: 0, onWire: 0, deferred: 0, accepted: 0, rejected: 0, unknown: 0 }
  return {
    issue,
    transport,
    state: held === null ? 'scheduled' : 'paused',
    reason: held ?? `it starts on ${describeTime(at, timeZone)}`,
    total: 0,
    ...none,
    ...{ suppressed: 0, cancelled: 0, bounced: 0, complained: 0, rate: 0 },
    startedAt: new Date(at).toISOString(),
    finishedAt: null,
  }
}
