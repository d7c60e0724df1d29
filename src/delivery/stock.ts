/**
 * Messages that were taken ahead from a shared pace and have not begun, in a row at an even pace. Times are
 * milliseconds on a clock that does not go back.
 */
export interface Stock {
  readonly count: number
  /** When the next one may begin; `Infinity`: none is there. */
  readonly opensAt: number
  /** So many more, the last of which may begin then, with `gap` between them. */
  add(count: number, last: number, gap: number): void
  take(): void
  /** One that was taken was not begun: the next may begin at once. */
  giveBack(): void
  /** Takes out all. @returns how many there were */
  clear(): number
}

interface Portion {
  count: number
  next: number
  readonly gap: number
}

export function createStock(): Stock {
  let portions: Portion[] = []
  let count = 0
  return {
    get count() {
      return count
    },
    get opensAt() {
      return portions[0]?.next ?? Number.POSITIVE_INFINITY
    },
    add(more, last, gap) {
      if (more <= 0) return
      count += more
      portions.push({ count: more, next: last - (more - 1) * gap, gap })
    },
    take() {
      const [portion] = portions
      if (portion === undefined) return
      count -= 1
      portion.count -= 1
      portion.next += portion.gap
      if (portion.count === 0) portions.shift()
    },
    giveBack() {
      count += 1
      portions.unshift({ count: 1, next: Number.NEGATIVE_INFINITY, gap: 0 })
    },
    clear() {
      const had = count
      count = 0
      portions = []
      return had
    },
  }
}
