/** A token bucket: `take` says how many milliseconds to wait before the next message. */
export interface Pace {
  take(now: number): number
}

/**
 * Lets `perSecond` messages through a second, over all connections, at an even pace after a burst
 * of at most a tenth of a second's worth; null: no limit. Each `take` reserves one message.
 */
export function createPace(perSecond: number | null): Pace {
  if (perSecond === null) return { take: () => 0 }
  const gap = 1_000 / perSecond
  const burst = Math.max(gap, 100)
  let next = Number.NEGATIVE_INFINITY
  return {
    take(now) {
      const slot = Math.max(next, now - burst + gap)
      next = slot + gap
      return Math.max(0, Math.ceil(slot - now))
    },
  }
}
