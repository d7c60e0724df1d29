import { daySpent, hourSpent, type Gate, type Limits } from './limits.ts'
import type { PaceWanted, SharedPace } from './shared-pace.ts'
import { createStock } from './stock.ts'
import { allowedOn, dayAt, type Day } from './warm-up.ts'

/** Messages are taken from a pace for so long ahead, in seconds; more than a burst, so that nobody waits for the store. */
const AHEAD = 0.2
/** And no more than so many, which is as many as are claimed for a lane. */
const PORTION = 50

/** How many are taken at a time, so that the store is not asked for each message. */
export function portionOf(perSecond: number | null, most = PORTION): number {
  return perSecond === null ? most : Math.max(1, Math.min(most * 4, Math.round(perSecond * AHEAD)))
}

/** What holds for all domains together, kept with all workers of a store under the name of the server. */
export function createSharedGate(pace: SharedPace, server: string, limits: Limits): Gate {
  const { perSecond, perHour, warmUp } = limits
  const gap = perSecond === null ? 0 : 1_000 / perSecond
  const isLimited = perSecond !== null || perHour !== null || warmUp !== null
  // Of what an hour or a day leaves nobody takes much that another may send.
  const scarce = Math.min(perHour ?? Infinity, warmUp?.first ?? Infinity)
  const portion = Math.max(1, Math.min(portionOf(perSecond), Math.ceil(scarce / 20)))
  const stock = createStock()
  let day: Day | null = null
  let refused = 0
  let askAt = Number.NEGATIVE_INFINITY
  let spent: 'hour' | 'day' | null = null

  const turnDay = (now: number): Day | null => {
    if (warmUp !== null && (day === null || now >= day.ends)) {
      day = dayAt(now, warmUp.timeZone)
      stock.clear()
      refused = 0
    }
    return day
  }
  const isDaySpent = (now: number): boolean => stock.count === 0 && spent === 'day' && askAt > now
  const wanted = (count: number, now: number): PaceWanted => {
    const today = turnDay(now)
    const allowed = today === null || warmUp === null ? 0 : allowedOn(today.name, warmUp)
    return {
      ...{ name: server, count, perSecond, perHour, refused },
      day: today === null ? null : { name: today.name, allowed },
    }
  }
  return {
    since(now) {
      const today = turnDay(now)
      if (perHour === null && today === null) return null
      return Math.min(today?.begins ?? now, perHour === null ? now : now - 3_600_000)
    },
    load: (begun, now) => pace.load(server, begun, turnDay(now)),
    opensAt(now) {
      // How long a day that is over is waited for is said by `spentUntil`.
      if (!isLimited || isDaySpent(now)) return now
      return stock.count > 0 ? stock.opensAt : Math.max(askAt, now + 1)
    },
    lacks: (now) => isLimited && stock.count <= portion / 2 && askAt <= now,
    async refill(now, later) {
      const asked = wanted(portion, now)
      refused = 0
      const [answer] = await pace.take([asked])
      if (answer === undefined) return
      const answered = later()
      stock.add(answer.granted, answered + answer.wait, gap)
      spent = answer.granted > 0 ? null : answer.spent
      const waits = spent === 'day' && day !== null ? day.ends - answered : answer.wait
      askAt = answer.granted > 0 ? Number.NEGATIVE_INFINITY : answered + waits
    },
    begin: () => stock.take(),
    cancel() {
      if (isLimited) stock.giveBack()
    },
    refused() {
      if (warmUp === null) return
      refused += 1
      // It may be that one more fits into the day.
      if (spent === 'day') askAt = Number.NEGATIVE_INFINITY
    },
    spentUntil(now) {
      return isDaySpent(now) ? (day?.ends ?? null) : null
    },
    usedUp(now) {
      if (stock.count > 0 || spent === null || askAt <= now) return null
      if (spent === 'day') return { reason: daySpent, until: askAt }
      return perHour === null ? null : { reason: hourSpent(perHour), until: askAt }
    },
    async end(now) {
      const left = stock.clear()
      if (left + refused > 0) await pace.take([wanted(-left, now)])
      refused = 0
    },
  }
}
