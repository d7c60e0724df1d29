import type { Round, RoundState, Tally } from './round.ts'
import type { DeliveryStore } from './store.ts'

/** A round as `send --json` and `status --json` print it. `total` is the sum of the states. */
export interface RoundStatus {
  readonly issue: string
  readonly transport: string
  readonly state: RoundState | 'scheduled'
  readonly reason: string | null
  readonly total: number
  readonly queued: number
  readonly claimed: number
  readonly onWire: number
  readonly deferred: number
  readonly accepted: number
  readonly rejected: number
  readonly unknown: number
  readonly suppressed: number
  readonly cancelled: number
  readonly bounced: number
  readonly complained: number
  /** Messages accepted a second: now, while it is sent; else over the whole round. */
  readonly rate: number
  /** ISO 8601. */
  readonly startedAt: string
  readonly finishedAt: string | null
}

/** The status of a round, counted from its rows; `rate` when it is known better than over the whole. */
export async function readStatus(store: DeliveryStore, round: Round, rate?: number): Promise<RoundStatus> {
  return statusOf(round, await store.tally(round.id), rate)
}

export function statusOf(round: Round, tally: Tally, rate?: number): RoundStatus {
  const accepted = tally.accepted + tally.bounced + tally.complained
  // None where the clock was set back meanwhile.
  const seconds = round.finishedAt === null ? 0 : Math.max(0, (round.finishedAt - round.startedAt) / 1_000)
  return {
    issue: round.issue,
    transport: round.transport,
    state: round.state,
    reason: round.reason,
    total: Object.values(tally).reduce((sum, count) => sum + count, 0),
    queued: tally.queued,
    claimed: tally.claimed,
    onWire: tally.on_wire,
    deferred: tally.deferred,
    accepted: tally.accepted,
    rejected: tally.rejected,
    unknown: tally.unknown,
    suppressed: tally.suppressed,
    cancelled: tally.cancelled,
    bounced: tally.bounced,
    complained: tally.complained,
    rate: Math.round((rate ?? (seconds === 0 ? 0 : accepted / seconds)) * 10) / 10,
    startedAt: new Date(round.startedAt).toISOString(),
    finishedAt: round.finishedAt === null ? null : new Date(round.finishedAt).toISOString(),
  }
}

/** Deliveries that still may go out. */
export function waiting(status: Pick<RoundStatus, 'queued' | 'claimed' | 'onWire' | 'deferred'>): number {
  return status.queued + status.claimed + status.onWire + status.deferred
}
