import { dateFormatter, formatEdtf, isLanguage, parseEdtf, type Edtf } from '../brief/edtf.ts'
import { directionOf } from './direction.ts'

/**
 * A date of EDTF for people, in `lang`: “8 November 2025”, “about November 2025”, a range to
 * `until` as “25–30 October 2025”, and `unknown` as “date unknown”. What cannot be read is shown as written.
 * In a language written from the right, behind a right-to-left mark (Unicode Bidirectional Algorithm, UAX 9).
 */
export function formatDate(date: string, lang: string, until: string | null = null): string {
  if (date === 'unknown' || date === '') return 'date unknown'
  const shown = until === null ? formatOne(date, lang) : formatTwo(date, until, lang)
  // Else the day would go with a Latin word before it, and stand on its far side of the month.
  return directionOf(lang) === 'rtl' ? `\u200F${shown}` : shown
}

function formatOne(date: string, lang: string): string {
  const edtf = parseEdtf(date)
  return edtf === null ? date : formatEdtf(edtf, lang)
}

function formatTwo(date: string, until: string, lang: string): string {
  const from = parseEdtf(date)
  const to = parseEdtf(until)
  const range =
    from === null || to === null || from.approximate || to.approximate ? null : formatRange(from, to, lang)
  return range ?? `${formatOne(date, lang)} – ${formatOne(until, lang)}`
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
