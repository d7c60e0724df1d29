import { daySpent, noLimits, type UsedUp } from './limits.ts'
import { createLosses } from './losses.ts'
import { domainPaceOf, gateOf, type QueueOptions } from './queue-options.ts'
import { reconnectAfter, retryAt } from './retry.ts'
import type { ClaimedDelivery } from './round.ts'
import { createSteadyClock } from './steady-clock.ts'
import { createTraffic } from './traffic.ts'
import type { Outcome } from './transport.ts'
import { createWaiting } from './waiting.ts'

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
  /** What became of one that was begun. @returns what is to be written of it */
  note(delivery: ClaimedDelivery, outcome: Outcome): Noted
  /** Nothing begins any more, on any lane. The first reason stands. */
  halt(reason: string): void
  /** Why the whole round must pause, or null. */
  readonly halted: string | null
  /** When what halted it is over by itself (the next day of a warm-up), milliseconds since the epoch; or null. */
  readonly resumesAt: number | null
  /** The limit that what is left waits for, while it does. */
  readonly usedUp: UsedUp | null
  /** Claims nothing any more, and gives back what it took ahead of a shared pace. */
  end(): Promise<void>
}

export interface Noted {
  /** That of the lane, or a server that was down turned into an attempt (see `losses.ts`). */
  readonly outcome: Outcome
  /**
   * When a deferred one is tried again, in milliseconds since the epoch; null where it is given up
   * (48 hours after its first attempt, and after three), where the server is down, and for every other outcome.
   */
  readonly nextAt: number | null
}

/** Rows claimed at a time, for each lane: on its own, and where others want some too. */
const ROWS_PER_LANE = { own: 50, shared: 10 }
/** Where others send too, a worker with so many rows that wait for their domains leaves the rest to them. */
const MOST_PARKED = 5_000
/** After so long what a lane was about to write is written; until then it is looked for so often. */
const WRITTEN = 5_000
const SOON = 20
/** What is due later than this is left to the next `send`, or to a worker. */
const PATIENCE = 10_000

export function createQueue(options: QueueOptions): Queue {
  const { store, round, random, connections, interrupted, limits = noLimits } = options
  const { waitsForDays = false, lookAgain = 1_000, shared = null } = options
  const clock = createSteadyClock(options.clock)
  const gate = gateOf(limits, shared)
  const domainPace = domainPaceOf(limits, shared)
  const traffic = createTraffic(connections, domainPace)
  const losses = createLosses()
  const waiting = createWaiting(options.sleep)
  /** Under way together, so that lanes share what they wait for. */
  let busy: Promise<boolean> | null = null
  let loaded = gate.since(clock.now()) === null
  let stopped = false
  let halted: string | null = null
  let resumesAt: number | null = null
  let failures = 0
  let downUntil = Number.NEGATIVE_INFINITY
  /** When a row can be claimed again; `-Infinity`: now, as far as is known. */
  let dueAt = Number.NEGATIVE_INFINITY
  /** Rows that their lanes are about to write back, and when they can be claimed again. */
  const awaited = new Map<number, number>()
  /** Nothing but rows that become due can be claimed any more. */
  let walked = false
  let looked = Number.NEGATIVE_INFINITY

  const ended = (): boolean => stopped || halted !== null || interrupted.aborted
  const isDry = (now: number): boolean => traffic.fresh === 0 && dueAt > now

  /** When the next message may begin, as far as all domains together are concerned. */
  const opens = (now: number): number => {
    const at = Math.max(gate.opensAt(now), downUntil)
    const spentUntil = gate.spentUntil(now)
    // What is under way may turn out not to count; only then the day is over.
    return spentUntil !== null && (waitsForDays || traffic.underWay > 0) ? Math.max(at, spentUntil) : at
  }
  const take = (now: number): ClaimedDelivery | null => {
    if (ended() || !loaded || opens(now) > now) return null
    const spentUntil = gate.spentUntil(now)
    if (spentUntil !== null) {
      if (traffic.fresh === 0 && traffic.parked === 0) return null
      resumesAt = clock.toSystem(spentUntil)
      halted ??= `${daySpent}; it goes on at ${new Date(resumesAt).toISOString()}`
      waiting.wake()
      return null
    }
    const row = traffic.take(now, isDry(now))
    if (row !== null) gate.begin(now)
    return row
  }

  const claim = async (limit: number): Promise<readonly ClaimedDelivery[]> => {
    try {
      return await store.claim(round.id, limit)
    } catch (error) {
      // Whether anything is left is not known.
      dueAt = Number.NEGATIVE_INFINITY
      throw error
    }
  }
  /** Brings what `take` may need. @returns whether anything may have changed */
  const supply = async (): Promise<boolean> => {
    const now = clock.now()
    if (!loaded) {
      await gate.load(await store.begunSince(clock.toSystem(gate.since(now) ?? now)), now)
      loaded = true
      return true
    }
    if (traffic.fresh + traffic.parked > 0 && gate.lacks(now)) {
      await gate.refill(now, () => clock.now())
      return true
    }
    if (traffic.unpaid.size > 0) {
      const paid = await domainPace?.pay(traffic.unpaid, () => clock.now())
      traffic.pay(paid ?? [], clock.now())
      return true
    }
    if (traffic.puttingOff > 0) {
      for (const { ids, until, reply } of traffic.putOffs()) {
        await store.postpone(round.id, ids, Math.round(clock.toSystem(until)), reply)
        dueAt = Math.min(dueAt, until)
      }
      return true
    }
    const wanted = traffic.wanted()
    if (wanted.length > 0) {
      traffic.bring(wanted, await store.reread(round.id, wanted), now)
      return true
    }
    if (traffic.fresh >= connections || dueAt > now || (shared !== null && traffic.parked >= MOST_PARKED))
      return false
    const asked = options.clock.now()
    const limit = ROWS_PER_LANE[shared === null ? 'own' : 'shared'] * connections
    dueAt = Number.POSITIVE_INFINITY
    const rows = await claim(limit)
    traffic.add(rows)
    for (const { id } of rows) awaited.delete(id)
    walked ||= rows.length === 0
    if (walked && rows.length < limit) {
      const due = await store.nextDue(round.id, asked)
      if (due !== null) dueAt = Math.min(dueAt, now + (due - asked))
      for (const [id, at] of awaited) {
        // It is long written, so it is not coming: its person left.
        if (now > at + WRITTEN) awaited.delete(id)
        else dueAt = Math.min(dueAt, Math.max(at, now + SOON))
      }
    } else dueAt = Number.NEGATIVE_INFINITY
    return true
  }
  const supplied = (): Promise<boolean> => {
    busy ??= supply().finally(() => (busy = null))
    return busy
  }

  /** Waits for a time or for what other lanes do. @returns false when nothing is worth waiting for */
  const wait = async (seen: number): Promise<boolean> => {
    const now = clock.now()
    const changes = Math.min(traffic.readyAt, dueAt)
    if (traffic.fresh === 0 && traffic.underWay === 0 && changes > now + PATIENCE) {
      traffic.putOffResting(now + PATIENCE)
      if (traffic.puttingOff > 0) return true
      if (traffic.parked === 0) return false
    }
    const at = Math.max(opens(now), traffic.fresh > 0 ? now : changes)
    if (now >= looked + lookAgain) {
      looked = now
      const found = await store.round(round.issue, round.kind)
      stopped ||= found?.id === round.id && found.state !== 'sending'
      if (stopped) waiting.wake()
    }
    if (interrupted.aborted) return true
    // Only as long as it waits: a worker’s signal outlives many a send.
    const wake = (): void => waiting.wake()
    interrupted.addEventListener('abort', wake)
    await waiting.until(Math.min(at - clock.now(), lookAgain), seen)
    interrupted.removeEventListener('abort', wake)
    return true
  }

  return {
    halt(reason) {
      halted ??= reason
      waiting.wake()
    },
    get halted() {
      return halted
    },
    get resumesAt() {
      return resumesAt
    },
    get usedUp() {
      if (ended() || traffic.fresh + traffic.parked === 0) return null
      const found = gate.usedUp(clock.now())
      return found === null ? null : { ...found, until: clock.toSystem(found.until) }
    },
    nextNow() {
      const row = take(clock.now())
      // Before the last row is gone, so that no lane waits for it; should it fail, `next` meets it again.
      if (row !== null && busy === null && (traffic.fresh < connections || gate.lacks(clock.now())))
        supplied().catch(() => undefined)
      return row
    },
    async next() {
      for (;;) {
        const seen = waiting.woken
        const row = take(clock.now())
        if (row !== null || ended()) return row
        if (await supplied()) {
          // Other lanes come to their sockets in between.
          if (traffic.fresh === 0 && dueAt <= clock.now()) await new Promise(setImmediate)
        } else if (!(await wait(seen))) return null
      }
    },
    async end() {
      stopped = true
      // What is being claimed just now is to be released with the rest.
      await busy?.catch(() => undefined)
      await gate.end(clock.now())
      await domainPace?.end()
    },
    giveBack(delivery) {
      awaited.delete(delivery.id)
      const taken = traffic.giveBack(delivery)
      if (taken !== null) gate.cancel(taken)
      waiting.wake()
    },
    drop(delivery) {
      const taken = traffic.drop(delivery)
      if (taken !== null) gate.cancel(taken)
      waiting.wake()
    },
    note(delivery, met) {
      const now = clock.now()
      const outcome = losses.judge(delivery, met)
      const noted = traffic.note(delivery, outcome, now)
      waiting.wake()
      halted ??= traffic.refusedByMany
      if (outcome.state === 'rejected' && outcome.class === 'fatal')
        halted ??= `the server refuses us: ${outcome.reply}`
      if ((outcome.state === 'deferred' || outcome.state === 'rejected') && noted !== null)
        gate.refused(noted.taken)
      if (outcome.state !== 'deferred') {
        failures = 0
        return { outcome, nextAt: null }
      }
      if (!outcome.serverDown) {
        // One that it hung up on says nothing of whether it takes others.
        if (outcome === met) failures = 0
        const at = options.clock.now()
        const { attempts, firstAttemptAt } = delivery
        const again = noted?.again ?? null
        const retry = retryAt(
          attempts + 1,
          firstAttemptAt ?? at,
          at,
          random(),
          again === null ? null : Math.round(again - now),
        )
        if (retry === null) return { outcome, nextAt: null }
        const due = now + (retry - at)
        dueAt = Math.min(dueAt, due)
        if (due <= now + PATIENCE) awaited.set(delivery.id, due)
        return { outcome, nextAt: retry }
      }
      // Its row waits again as soon as its lane has written that; no lane may end before.
      awaited.set(delivery.id, now)
      dueAt = Math.min(dueAt, now)
      // Once for all lanes that met the same failure.
      if (now < downUntil) return { outcome, nextAt: null }
      failures += 1
      const pause = (options.reconnectAfter ?? reconnectAfter)(failures, outcome.reply)
      if (pause === null) halted ??= `the server cannot be reached: ${outcome.reply}`
      else downUntil = now + pause
      return { outcome, nextAt: null }
    },
  }
}
