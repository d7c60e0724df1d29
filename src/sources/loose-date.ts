import { parseEdtf } from '../brief/edtf.ts'

const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/** 1 to 12 for `11`, `nov`, `November`, `sept.`; null for anything else. */
export function monthNumber(text: string): number | null {
  const plain = text.trim().toLowerCase().replace(/\.$/u, '')
  if (/^\d{1,2}$/u.test(plain)) return within(Number(plain), 1, 12)
  if (!/^[a-z]{3,9}$/u.test(plain)) return null
  const index = monthNames.indexOf(plain.slice(0, 3))
  return index === -1 ? null : index + 1
}

/** Parts of a date as EDTF, or null where they are none (30 February included). */
export function edtfOf(
  year: number,
  month: number | null = null,
  day: number | null = null,
  about = false,
): string | null {
  const two = (value: number): string => String(value).padStart(2, '0')
  const date =
    String(year).padStart(4, '0') +
    (month === null ? '' : `-${two(month)}`) +
    (month === null || day === null ? '' : `-${two(day)}`) +
    (about ? '~' : '')
  return parseEdtf(date) === null ? null : date
}

/**
 * A date as people and programs write it, as EDTF: `2025-11-08T10:00:00Z`, `2025/11/8`, `8 November
 * 2025`, `Nov. 8, 2025`, `c. 2025`. Null where it could be read in two ways (`8/11/2025`) or not at
 * all. The day is the one written, whatever its time zone.
 */
export function looseDate(text: string): string | null {
  const about = /^\s*(?:circa|ca?\.|about)\s*|[~?]\s*$/iu.test(text)
  const plain = text.replace(/^\s*(?:circa|ca?\.|about)\s*|[~?]\s*$/giu, '').trim()
  const iso = /^(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2})(?:[T ].*)?)?)?$/u.exec(plain)
  if (iso !== null) return edtfOf(Number(iso[1]), numberOr(iso[2]), numberOr(iso[3]), about)
  const dayFirst = /^(?:\p{L}+,?\s+)?(?:(\d{1,2})(?:st|nd|rd|th)?\s+)?(\p{L}{3,9})\.?,?\s+(\d{4})\b/u.exec(
    plain,
  )
  if (dayFirst !== null) return named(dayFirst[3], dayFirst[2], dayFirst[1], about)
  const monthFirst = /^(?:\p{L}+,\s+)?(\p{L}{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b/u.exec(plain)
  if (monthFirst !== null) return named(monthFirst[3], monthFirst[1], monthFirst[2], about)
  return null
}

function named(year = '', month = '', day: string | undefined, about: boolean): string | null {
  const number = monthNumber(month)
  return number === null ? null : edtfOf(Number(year), number, numberOr(day), about)
}

function numberOr(text: string | undefined): number | null {
  return text === undefined ? null : Number(text)
}

function within(value: number, least: number, most: number): number | null {
  return value >= least && value <= most ? value : null
}
