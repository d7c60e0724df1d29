/** A local time as somebody wrote it, or why it is none. */
export type ReadTime =
  | { readonly ok: true; readonly at: number }
  | { readonly ok: false; readonly reason: string; readonly hint: string }

interface LocalTime {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']

const forms =
  'write “2026-11-24 07:30”, “tomorrow 07:30”, “Mon 07:30”, or with an offset “2026-11-24T07:30+01:00”'

/**
 * Reads a time: `2026-11-24 07:30`, `today 18:00`, `tomorrow 07:30`, `Mon 07:30` (the next one) in the time
 * zone, or ISO 8601 with an offset. A local time that the clocks leave out, or come to twice, is no time:
 * the reason says which, the hint what to write.
 *
 * @param options.now milliseconds since the epoch
 */
export function readTime(
  text: string,
  { timeZone, now }: { readonly timeZone: string; readonly now: number },
): ReadTime {
  const written = text.trim().replace(/\s+/g, ' ')
  if (/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/i.test(written)) {
    const local = localOf(/^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)/i.exec(written) ?? [])
    const at = Date.parse(written.replace(' ', 'T').toUpperCase())
    return isReal(local) && !Number.isNaN(at) ? { ok: true, at } : noTime(text)
  }
  const dated = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)$/i.exec(written)
  if (dated !== null) {
    const local = localOf(dated)
    return isReal(local) ? instantOf(local, timeZone) : noTime(text)
  }
  const named = /^([a-z]+) (\d\d?):(\d\d)$/i.exec(written)
  if (named === null) return noTime(text)
  const [, name = '', hour, minute] = named
  const today = localAt(now, timeZone)
  const local = (days: number): LocalTime => ({
    ...plusDays(today, days),
    hour: Number(hour),
    minute: Number(minute),
  })
  if (!isReal(local(0))) return noTime(text)
  const day = name.toLowerCase()
  if (day === 'today' || day === 'tomorrow') return instantOf(local(day === 'today' ? 0 : 1), timeZone)
  const weekday = weekdays.findIndex((each) => day.length >= 3 && each.startsWith(day))
  if (weekday === -1) return noTime(text)
  const ahead = (weekday - weekdayOf(today) + 7) % 7
  const first = instantOf(local(ahead), timeZone)
  // Today's has passed: the same day of next week.
  return ahead === 0 && first.ok && first.at <= now ? instantOf(local(7), timeZone) : first
}

/** A time in full, with its zone: “Tue 24 Nov 2026, 07:30 (Europe/Malta, UTC+1)”. */
export function describeTime(at: number, timeZone: string): string {
  const offset = offsetText(offsetAt(at, timeZone))
  const zone = timeZone === offset ? offset : `${timeZone}, ${offset}`
  return `${describeLocalTime(at, timeZone)} (${zone})`
}

/** The same where the zone was said already: “Tue 24 Nov 2026, 07:30”. */
export function describeLocalTime(at: number, timeZone: string): string {
  const local = localAt(at, timeZone)
  return `${dayText(local)}, ${clockText(local)}`
}

/** “in 1 day 21 h”, “in 3 h 5 min”, “in 40 s”; “5 min late” once it has passed. */
export function describeWait(at: number, now: number): string {
  const wait = Math.abs(at - now)
  const minutes = Math.floor(wait / MINUTE)
  const hours = Math.floor(minutes / 60)
  const days = Math.floor(hours / 24)
  const text =
    days > 0
      ? `${days} day${days === 1 ? '' : 's'}${hours % 24 === 0 ? '' : ` ${hours % 24} h`}`
      : hours > 0
        ? `${hours} h${minutes % 60 === 0 ? '' : ` ${minutes % 60} min`}`
        : minutes > 0
          ? `${minutes} min`
          : `${Math.floor(wait / 1_000)} s`
  return at >= now ? `in ${text}` : `${text} late`
}

/** The one moment at which clocks of the zone show the time. */
function instantOf(local: LocalTime, timeZone: string): ReadTime {
  const wanted = asUtc(local)
  // Offsets are below 15 hours, and clocks do not change twice within three days.
  const around = [-36 * HOUR, 0, 36 * HOUR].map((each) => offsetAt(wanted + each, timeZone))
  const found = [...new Set(around)]
    .map((offset) => wanted - offset)
    .filter((at) => asUtc(localAt(at, timeZone)) === wanted)
    .toSorted((a, b) => a - b)
  const [first, second] = found
  const text = `${clockText(local)} on ${dayText(local)}`
  if (first === undefined) {
    const change = changeAround(wanted, timeZone)
    const [from, to] = [localAt(change - 1, timeZone), localAt(change, timeZone)]
    const next = { ...from, ...fromUtc(asUtc(from) + MINUTE) }
    return {
      ok: false,
      reason: `There is no ${text} in ${timeZone}: the clocks go from ${clockText(next)} to ${clockText(to)} then.`,
      hint: `give a time before ${clockText(next)}, or from ${isoText(to)} on`,
    }
  }
  if (second === undefined) return { ok: true, at: first }
  const iso = (at: number): string => `${isoText(local)}${isoOffset(offsetAt(at, timeZone))}`
  return {
    ok: false,
    reason: `${text} comes twice in ${timeZone}: the clocks are set back then.`,
    hint: `give the first as ${iso(first)}, the second as ${iso(second)}`,
  }
}

/** When the clocks change near a local time that they leave out. */
function changeAround(wanted: number, timeZone: string): number {
  let [low, high] = [wanted - 36 * HOUR, wanted + 36 * HOUR]
  const before = offsetAt(low, timeZone)
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (offsetAt(middle, timeZone) === before) low = middle
    else high = middle
  }
  return high
}

/** What is to be added to UTC, in milliseconds. */
function offsetAt(at: number, timeZone: string): number {
  const minute = Math.floor(at / MINUTE) * MINUTE
  return asUtc(localAt(minute, timeZone)) - minute
}

function localAt(at: number, timeZone: string): LocalTime {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' },
    ...{ hourCycle: 'h23', calendar: 'gregory', numberingSystem: 'latn' },
  })
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
  const of = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0
  return { year: of('year'), month: of('month'), day: of('day'), hour: of('hour'), minute: of('minute') }
}

function localOf([, year, month, day, hour, minute]: readonly (string | undefined)[]): LocalTime {
  return {
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
  }
}

function fromUtc(at: number): LocalTime {
  return localAt(at, 'UTC')
}

function plusDays(local: LocalTime, days: number): LocalTime {
  return fromUtc(asUtc({ ...local, hour: 0, minute: 0 }) + days * DAY)
}

function asUtc({ year, month, day, hour, minute }: LocalTime): number {
  return Date.UTC(year, month - 1, day, hour, minute)
}

function isReal(local: LocalTime): boolean {
  if (local.hour > 23 || local.minute > 59) return false
  const again = fromUtc(asUtc(local))
  return again.day === local.day && again.month === local.month && again.year === local.year
}

function weekdayOf(local: LocalTime): number {
  return new Date(asUtc(local)).getUTCDay()
}

function noTime(text: string): ReadTime {
  return { ok: false, reason: `“${text}” is no time.`, hint: forms }
}

function clockText({ hour, minute }: LocalTime): string {
  return `${two(hour)}:${two(minute)}`
}

/** “Tue 24 Nov 2026”. */
function dayText(local: LocalTime): string {
  return new Date(asUtc(local))
    .toLocaleDateString('en-GB', {
      ...{ timeZone: 'UTC', weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' },
    })
    .replaceAll(',', '')
    .replace('Sept', 'Sep')
}

function isoText(local: LocalTime): string {
  return `${String(local.year).padStart(4, '0')}-${two(local.month)}-${two(local.day)}T${clockText(local)}`
}

function isoOffset(offset: number): string {
  const minutes = Math.abs(offset) / MINUTE
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
}

/** “UTC+1”, “UTC+5:30”, “UTC”. */
function offsetText(offset: number): string {
  if (offset === 0) return 'UTC'
  const minutes = Math.abs(offset) / MINUTE
  const rest = minutes % 60 === 0 ? '' : `:${two(minutes % 60)}`
  return `UTC${offset < 0 ? '−' : '+'}${Math.floor(minutes / 60)}${rest}`
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}
