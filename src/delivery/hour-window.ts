/** How many messages were begun within the last hour. */
export interface HourWindow {
  /** Milliseconds until one more may begin; 0: at once. */
  wait(now: number): number
  /** Counts messages begun at a time that is no earlier than the last one counted. */
  add(at: number, count?: number): void
  /** One that was begun then, was not after all. */
  remove(at: number): void
}

const HOUR = 3_600_000

/** Counted by the second, which is kept until all of it is an hour old. */
const SLICE = 1_000
const SLICES = HOUR / SLICE + 1

/** At most `limit` messages in any 60 minutes. Takes the same memory whatever the limit. */
export function createHourWindow(limit: number): HourWindow {
  const counts = new Uint32Array(SLICES)
  let total = 0
  /** The newest slice, counted from the epoch. */
  let newest = Number.NEGATIVE_INFINITY
  const advance = (now: number): void => {
    const slice = Math.floor(now / SLICE)
    if (slice <= newest) return
    if (slice - newest >= SLICES) {
      counts.fill(0)
      total = 0
    } else {
      for (let each = newest + 1; each <= slice; each += 1) {
        total -= counts[each % SLICES] ?? 0
        counts[each % SLICES] = 0
      }
    }
    newest = slice
  }
  return {
    wait(now) {
      advance(now)
      if (total < limit) return 0
      let oldest = newest - SLICES + 1
      let left = total - (counts[oldest % SLICES] ?? 0)
      while (left >= limit) {
        oldest += 1
        left -= counts[oldest % SLICES] ?? 0
      }
      return (oldest + SLICES) * SLICE - now
    },
    add(at, count = 1) {
      advance(at)
      counts[newest % SLICES] = (counts[newest % SLICES] ?? 0) + count
      total += count
    },
    remove(at) {
      const slice = Math.floor(at / SLICE)
      const count = counts[slice % SLICES] ?? 0
      if (newest - slice >= SLICES || count === 0) return
      counts[slice % SLICES] = count - 1
      total -= 1
    },
  }
}
