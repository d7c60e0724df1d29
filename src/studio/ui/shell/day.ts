/**
 * “14 Nov 2025”, “Nov 2025”, “2025”, “about 14 Nov 2025”: a date of the ledger (EDTF) or the day of an ISO moment, no more
 * precise than it is; anything else as it is.
 */
export function dayInWords(date: string): string {
  const [, known = '', month, day, about] = /^(\d{4}(?:-(\d\d)(?:-(\d\d))?)?)(?:T.*)?(~)?$/u.exec(date) ?? []
  const at = Date.parse(known)
  if (Number.isNaN(at)) return date
  const words = new Intl.DateTimeFormat('en-GB', {
    year: 'numeric',
    timeZone: 'UTC',
    ...(month === undefined ? {} : { month: 'short' }),
    ...(day === undefined ? {} : { day: 'numeric' }),
  }).format(at)
  return about === undefined ? words : `about ${words}`
}

/** “14 Nov 2025”: the day of a moment in the publication’s time zone. */
export function dayOfMoment(at: number, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone,
  }).format(at)
}

/** A moment in the publication’s time zone, with its name: “14 Nov 2025, 07:30 CET”. */
export function momentInWords(at: number, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone,
    timeZoneName: 'short',
  }).format(at)
}

/** “Fri”. */
export function weekdayInWords(at: number, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', { weekday: 'short', timeZone }).format(at)
}

/** A moment as a list of mail says it: the time of a day that is today, else the day. */
export function timeInWords(at: number, timeZone: string, now = Date.now()): string {
  const day = dayOfMoment(at, timeZone)
  if (day !== dayOfMoment(now, timeZone)) return day
  return new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone }).format(at)
}
