/**
 * A date of EDTF level 0 and 1 (ISO 8601-2) for people, in `lang`: a year, month or day, with `~`
 * (about) or `?` (uncertain), an interval, or `unknown`. What cannot be read is shown as written.
 */
export function formatDate(date: string, lang: string, until: string | null = null): string {
  if (date === 'unknown' || date === '') return 'date unknown'
  const [first = date, second = until] = date.split('/')
  const from = parseDay(first)
  const to = second === null || second === undefined ? null : parseDay(second)
  if (from === null) return until === null ? date : `${date} to ${until}`
  const about = from.about || (to?.about ?? false) ? 'about ' : ''
  const unsure = from.uncertain || (to?.uncertain ?? false) ? ' (uncertain)' : ''
  if (second === null || second === undefined)
    return `${about}${format(from, lang).format(from.date)}${unsure}`
  if (to === null) return `${about}${format(from, lang).format(from.date)} to ${second}`
  const precision = from.parts < to.parts ? from : to
  return `${about}${format(precision, lang).formatRange(from.date, to.date)}${unsure}`
}

interface Day {
  readonly date: Date
  /** 1: a year, 2: a month, 3: a day. */
  readonly parts: number
  readonly about: boolean
  readonly uncertain: boolean
}

function parseDay(text: string): Day | null {
  const match = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?([~?%]?)$/.exec(text.trim())
  if (match === null) return null
  const [, year, month, day, mark] = match
  const date = new Date(Date.UTC(Number(year), Number(month ?? 1) - 1, Number(day ?? 1)))
  // 31 February would roll over into March: then show what was written.
  if (date.getUTCMonth() !== Number(month ?? 1) - 1 || date.getUTCDate() !== Number(day ?? 1)) return null
  return {
    date,
    parts: day !== undefined ? 3 : month !== undefined ? 2 : 1,
    about: mark === '~' || mark === '%',
    uncertain: mark === '?' || mark === '%',
  }
}

function format(day: Day, lang: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(british(lang), {
    timeZone: 'UTC',
    calendar: 'gregory',
    year: 'numeric',
    ...(day.parts > 1 ? { month: 'long' } : {}),
    ...(day.parts > 2 ? { day: 'numeric' } : {}),
  })
}

/** “8 November 2025” is read alike everywhere; plain `en` would put the month first. */
function british(lang: string): string {
  return lang === 'en' ? 'en-GB' : lang
}
