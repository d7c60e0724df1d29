const words = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
})

/** “14 Nov 2025” of an ISO day; anything else as it is. */
export function dayInWords(day: string): string {
  const at = Date.parse(day)
  return Number.isNaN(at) ? day : words.format(at)
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
  const day = (moment: number): string =>
    new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone }).format(
      moment,
    )
  if (day(at) !== day(now)) return day(at)
  return new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone }).format(at)
}
