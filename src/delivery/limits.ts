import { createHourWindow } from './hour-window.ts'
import { createPace } from './pace.ts'
import type { BegunMessages, DeliveryStore } from './store.ts'
import { allowedOn, dayAt, type WarmUp } from './warm-up.ts'

/** How many messages may begin; null: no limit. */
export interface Limits {
  /** A second, at an even pace. */
  readonly perSecond: number | null
  /** In any 60 minutes. */
  readonly perHour: number | null
  /** A second, to one recipient domain. */
  readonly perDomain: number | null
  readonly warmUp: WarmUp | null
}

export const noLimits: Limits = { perSecond: null, perHour: null, perDomain: null, warmUp: null }

/** A limit that is used up. */
export interface UsedUp {
  /** In words. */
  readonly reason: string
  /** When more may begin, milliseconds since the epoch. */
  readonly until: number
}

/** A shorter wait is a pace that is kept, and nobody wonders at it. */
const WORTH_A_WORD = 5_000

/** What holds for all domains together. Times are milliseconds on a clock that does not go back. */
export interface Gate {
  /** From when on what was begun before counts; null: nothing does. */
  since(now: number): number | null
  /** Counts what was begun before, in this process or another. */
  load(begun: readonly BegunMessages[], now: number): Promise<void> | void
  /** When the next message may begin; not later than `now`: at once. */
  opensAt(now: number): number
  /** Whether it has to ask for more before long: where others share the pace. */
  lacks(now: number): boolean
  /** Asks for more. @param later tells what time it is once that is answered */
  refill(now: number, later: () => number): Promise<void>
  begin(now: number): void
  /** One that was begun then never came to a server. */
  cancel(at: number): void
  /** One that was begun was not taken: a day's share counts messages that were. */
  refused(at: number): void
  /** When tomorrow's share begins, once today's is used up; else null. */
  spentUntil(now: number): number | null
  /** Which limit holds everything up for a while, if one does. */
  usedUp(now: number): UsedUp | null
  /** Gives back what it has asked for and not used. */
  end(now: number): Promise<void>
}

/** What is said of a warm-up's day. */
export const daySpent = 'the warm-up’s share of today is used up'

/** What is said of an hour that may have so many. */
export const hourSpent = (perHour: number): string =>
  `the hour’s ${perHour.toLocaleString('en-US')} are used up`

/** Which limit holds up a sender, for those who only watch it: as far as the rows tell. */
export async function readUsedUp(
  store: Pick<DeliveryStore, 'begunSince'>,
  limits: Limits,
  now: number,
): Promise<UsedUp | null> {
  const gate = createGate(limits)
  const since = gate.since(now)
  if (since === null) return null
  await gate.load(await store.begunSince(since), now)
  return gate.usedUp(now)
}

export function createGate({ perSecond, perHour, warmUp }: Limits): Gate {
  const pace = perSecond === null ? null : createPace(perSecond)
  const hour = perHour === null ? null : createHourWindow(perHour)
  let after = Number.NEGATIVE_INFINITY
  let day = { begins: 0, ends: 0, allowed: Number.POSITIVE_INFINITY, used: 0 }
  const turnDay = (now: number): void => {
    if (warmUp === null || now < day.ends) return
    const { name, begins, ends } = dayAt(now, warmUp.timeZone)
    day = { begins, ends, allowed: allowedOn(name, warmUp), used: 0 }
  }
  const untake = (at: number): void => {
    if (at >= day.begins && day.used > 0) day.used -= 1
  }
  const spentUntil = (now: number): number | null => {
    turnDay(now)
    return day.used < day.allowed ? null : day.ends
  }
  return {
    since(now) {
      turnDay(now)
      if (hour === null && warmUp === null) return null
      return Math.min(warmUp === null ? now : day.begins, hour === null ? now : now - 3_600_000)
    },
    load(begun, now) {
      turnDay(now)
      for (const { at, begun: count, taken } of begun) {
        hour?.add(Math.min(at, now), count)
        if (at >= day.begins) day.used += taken
      }
    },
    opensAt(now) {
      const slot = pace === null ? now : pace.slot(after, now)
      return hour === null ? slot : Math.max(slot, now + hour.wait(now))
    },
    begin(now) {
      if (pace !== null) after = pace.after(pace.slot(after, now))
      hour?.add(now)
      day.used += 1
    },
    cancel(at) {
      hour?.remove(at)
      untake(at)
    },
    refused: untake,
    spentUntil,
    usedUp(now) {
      const ofDay = spentUntil(now)
      const ofHour = now + (hour?.wait(now) ?? 0)
      if (ofDay !== null && ofDay > ofHour) return { reason: daySpent, until: ofDay }
      if (perHour === null || ofHour <= now + WORTH_A_WORD) return null
      return { reason: hourSpent(perHour), until: ofHour }
    },
    lacks: () => false,
    refill: async () => undefined,
    end: async () => undefined,
  }
}
