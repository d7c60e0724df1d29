import { Cron } from 'croner'
import { dayIn, weekOf } from '../core/day.ts'
import type { Cadence } from '../core/publication.ts'

/** When an issue is to go out. */
export interface Slot {
  /** Milliseconds since the epoch. */
  readonly at: number
  /** The day it has in the publication's time zone: the issue's date. */
  readonly day: string
}

/**
 * The first time of a cadence after a moment, by the clocks of the time zone: 07:00 is 07:00 in summer and in winter. A time
 * that they leave out is as much later that day as they are set forward; of one that comes twice it is the first.
 */
export function nextTime(cadence: Cadence, timeZone: string, after: number): number {
  const next = new Cron(patternOf(cadence), { timezone: timeZone, paused: true }).nextRun(new Date(after))
  if (next === null) throw new Error(`${cadence.every} never comes`)
  return next.getTime()
}

/** The first one from now on whose day is later than `last`, a day; null: any. */
export function nextSlot(cadence: Cadence, timeZone: string, now: number, last: string | null): Slot {
  // A day and a half before its midnight at Greenwich it is earlier than that day in every zone.
  const from = last === null ? now : Math.max(now, Date.parse(last) - 36 * 3_600_000)
  let at = nextTime(cadence, timeZone, from)
  while (last !== null && dayIn(timeZone, at) <= last) at = nextTime(cadence, timeZone, at)
  return { at, day: dayIn(timeZone, at) }
}

/** When an issue of a day is due: the first time from that day on, milliseconds since the epoch. */
export function dueTime(cadence: Cadence, timeZone: string, date: string): number {
  const dayBefore = new Date(Date.parse(date) - 24 * 3_600_000).toISOString().slice(0, 10)
  return nextSlot(cadence, timeZone, 0, dayBefore).at
}

/**
 * The name of an issue of that day, in the way of the last one: where that named its week or its day, this one names its
 * own. Otherwise its week, or its day where there is more than one a week.
 */
export function issueName(
  { every }: Cadence,
  day: string,
  last: { readonly issue: string; readonly date: string } | null,
): string {
  if (last !== null) {
    const [before, now] = [weekOf(last.date), weekOf(day)]
    if (last.issue.includes(last.date)) return last.issue.replace(last.date, day)
    if (last.issue.includes(before) && before !== now) return last.issue.replace(before, now)
  }
  return /^\w+day$/.test(every) ? weekOf(day) : day
}

const ordinals = ['first', 'second', 'third', 'fourth']
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

/** As cron writes it: minute, hour, and days of the week, `1#1` for the first Monday of a month, `5#L` for the last Friday. */
function patternOf({ every, at }: Cadence): string {
  const [hour, minute] = at.split(':').map(Number)
  const days = every === 'day' ? '*' : every.split(' and ').map(cronDay).join(',')
  return `${minute} ${hour} * * ${days}`
}

function cronDay(day: string): string {
  const words = day.split(' ')
  const number = weekdays.indexOf((words.at(-1) ?? '').slice(0, 3).toLowerCase())
  const which =
    words.length === 1 ? '' : words[0] === 'last' ? '#L' : `#${ordinals.indexOf(words[0] ?? '') + 1}`
  return `${number}${which}`
}
