import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../core/clock.ts'
import { createPace } from './pace.ts'
import { reconnectAfter, retryAt } from './retry.ts'
import type { ClaimedDelivery } from './round.ts'
import type { DeliveryStore } from './store.ts'
import type { Outcome } from './transport.ts'

/**
 * What goes next, and when: claims rows, keeps the pace (per second, per hour, per recipient domain,
 * warm-up), lets a domain rest that asked for it, and trips breakers. Shared by all lanes of a send.
 *
 * Every delivery that `next` or `nextNow` gave ends in one `note`, one `giveBack` or one `drop`. A lane writes what
 * it has to settle before it awaits `next`, so that a row that is to be tried again soon is seen.
 */
export interface Queue {
  /**
   * The next delivery that may begin, as soon as it may.
   * @returns null when nothing is left that may be sent now, when interrupted, or when halted
   * @throws what the store threw when rows could not be claimed
   */
  next(): Promise<ClaimedDelivery | null>
  /** The same without waiting: one whose envelope may go with the message before it, or null. */
  nextNow(): ClaimedDelivery | null
  /** One that was taken and never begun. */
  giveBack(delivery: ClaimedDelivery): void
  /** One that was taken and will not go out: its person left, or its message cannot be made. */
  drop(delivery: ClaimedDelivery): void
  /**
   * What became of one that was begun.
   * @returns when a deferred one is tried again, in milliseconds since the epoch; null where it is given
   *   up (48 hours after its first attempt), where the server is down, and for every other outcome
   */
  note(delivery: ClaimedDelivery, outcome: Outcome): number | null
  /** Why the whole round must pause, or null. */
  readonly halted: string | null
}

export interface QueueOptions {
  readonly store: Pick<DeliveryStore, 'claim'>
  /** The round's id. */
  readonly round: number
  readonly clock: Clock
  /** From 0 to 1. */
  readonly random: () => number
  /** Lanes that share it. */
  readonly connections: number
  /** Aborted: nothing is begun any more. */
  readonly interrupted: AbortSignal
  /** Messages a second over all lanes; null: no limit. */
  readonly perSecond?: number | null
  /** Wait before an unreachable server is tried again, or null to give up. */
  readonly reconnectAfter?: (failures: number) => number | null
}

/** Rows taken at a time, for each connection. */
const ROWS_PER_LANE = 50

export function createQueue(options: QueueOptions): Queue {
  const { store, round, clock, random, connections, interrupted } = options
  const pace = createPace(options.perSecond ?? null)
  let taken: ClaimedDelivery[] = []
  let filling: Promise<boolean> | null = null
  let halted: string | null = null
  let failures = 0
  let downUntil = 0

  const fill = async (): Promise<boolean> => {
    try {
      const rows = await store.claim(round, ROWS_PER_LANE * connections)
      taken = [...taken, ...rows.toReversed()]
      return rows.length > 0
    } finally {
      filling = null
    }
  }
  const ended = (): boolean => halted !== null || interrupted.aborted
  return {
    get halted() {
      return halted
    },
    nextNow() {
      if (ended() || taken.length === 0 || options.perSecond) return null
      return clock.now() < downUntil ? null : (taken.pop() ?? null)
    },
    async next() {
      while (!ended()) {
        if (taken.length === 0) {
          filling ??= fill()
          if (!(await filling)) return null
          continue
        }
        const delivery = taken.pop()
        if (delivery === undefined) continue
        const now = clock.now()
        const paced = now + pace.take(now)
        const wait = Math.max(paced, downUntil) - now
        if (wait > 0) await sleep(wait, undefined, { signal: interrupted }).catch(() => undefined)
        if (!ended()) return delivery
        taken.push(delivery)
      }
      return null
    },
    giveBack(delivery) {
      taken.push(delivery)
    },
    drop: () => undefined,
    note({ attempts, firstAttemptAt }, outcome) {
      const now = clock.now()
      if (outcome.state === 'rejected' && outcome.class === 'fatal')
        halted ??= `the server refuses us: ${outcome.reply}`
      if (outcome.state !== 'deferred') {
        failures = 0
        return null
      }
      if (!outcome.serverDown) {
        failures = 0
        return retryAt(attempts + 1, firstAttemptAt ?? now, now, random())
      }
      // Once for all lanes that met the same failure.
      if (now < downUntil) return null
      failures += 1
      const wait = (options.reconnectAfter ?? reconnectAfter)(failures)
      if (wait === null) halted ??= `the server cannot be reached: ${outcome.reply}`
      else downUntil = now + wait
      return null
    },
  }
}
