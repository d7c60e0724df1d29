import type { Clock } from '../core/clock.ts'

/** A clock for intervals: where the system's clock is set back, it goes on from where it was. */
export interface SteadyClock extends Clock {
  /** A time of this clock as the system's clock now counts. */
  toSystem(at: number): number
}

export function createSteadyClock(clock: Clock): SteadyClock {
  let last = clock.now()
  let ahead = 0
  return {
    now() {
      const now = clock.now() + ahead
      if (now < last) {
        ahead += last - now
        return last
      }
      last = now
      return now
    },
    toSystem: (at) => at - ahead,
  }
}
