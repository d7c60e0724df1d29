import { dateFormatter, formatEdtf, isLanguage, parseEdtf, type Edtf } from '../brief/edtf.ts'

/**
 * A date of EDTF for people, in `lang`: “8 November 2025”, “about November 2025”, a range to
 * `until` as “25–30 October 2025”, and `unknown` as “date unknown”. What cannot be read is shown as written.
 */
export function formatDate(date: string, lang: string, until: string | null = null): string {
  if (date === 'unknown' || date === '') return 'date unknown'
  const from = parseEdtf(date)
  const first = from === null ? date : formatEdtf(from, lang)
  if (until === null) return first
  const to = parseEdtf(until)
  const second = to === null ? until : formatEdtf(to, lang)
  return from === null || to === null || from.approximate || to.approximate
    ? `${first} – ${second}`
    : (formatRange(from, to, lang) ?? `${first} – ${second}`)
}

/** As precise as the vaguer of the two; null in a language that does not exist. */
function formatRange(from: Edtf, to: Edtf, lang: string): string | null {
  if (!isLanguage(lang)) return null
  const month = from.month === null ? null : to.month
  const day = month === null || from.day === null ? null : to.day
  const format = dateFormatter(lang, { month, day })
  // Thin spaces around the dash break a narrow column in the wrong place.
  return format.formatRange(dayOf(from), dayOf(to)).replace(/\s–\s(?=\d+ )/u, '–')
}

function dayOf(edtf: Edtf): Date {
  return new Date(Date.UTC(edtf.year, (edtf.month ?? 1) - 1, edtf.day ?? 1))
}
