/** A sending address that nobody knows yet starts with few messages a day. */
export interface WarmUp {
  /** ISO day of the first send. */
  readonly from: string
  /** Messages on that day; twice as many on each day after it. */
  readonly first: number
  /** In which days begin and end. */
  readonly timeZone: string
}

/** One day of a time zone; its times in milliseconds since the epoch. */
export interface Day {
  /** ISO. */
  readonly name: string
  readonly begins: number
  readonly ends: number
}

const HOUR = 3_600_000

/** The day in which `at` lies: of 23 or 25 hours where the clocks change. */
export function dayAt(at: number, timeZone: string): Day {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' })
  const name = format.format(at)
  const isIn = (time: number): boolean => format.format(time) === name
  return {
    name,
    begins: edge(at - 30 * HOUR, at, (time) => !isIn(time)),
    ends: edge(at, at + 30 * HOUR, isIn),
  }
}

/** The first time for which `before` no longer holds. */
function edge(low: number, high: number, before: (time: number) => boolean): number {
  let [from, to] = [low, high]
  while (to - from > 1) {
    const middle = Math.floor((from + to) / 2)
    if (before(middle)) from = middle
    else to = middle
  }
  return to
}

/** Messages that may go out on a day; before the first day as many as on it. */
export function allowedOn(day: string, { from, first }: WarmUp): number {
  const days = Math.round((Date.parse(day) - Date.parse(from)) / (24 * HOUR))
  return first * 2 ** Math.max(0, days)
}
