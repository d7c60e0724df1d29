import { parseEdtf } from '../brief/edtf.ts'

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'] as const

/**
 * A date of a page's metadata as EDTF, by the calendar of its own time zone, as it is printed; null
 * where it could be two days (`08/11/2025`) or is none. A time of day is dropped.
 */
export function pageDate(text: string): string | null {
  const written = text.trim()
  return (
    edtf(/^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T\s].*)?)?)?$/u.exec(written)) ??
    edtf(/^(\d{4})[/.](\d{1,2})[/.](\d{1,2})(?:\D.*)?$/u.exec(written)) ??
    edtf(/^(\d{4})(\d{2})(\d{2})(?:T?\d.*)?$/u.exec(written)) ??
    // PDF 32000 §7.9.4: D:20251108120000+03'00'
    edtf(/^D:(\d{4})(\d{2})?(\d{2})?/u.exec(written)) ??
    named(
      /(?:^|\s)(\d{1,2})(?:st|nd|rd|th|\.)?[\s-]+(\p{L}{3,9})\.?,?[\s-]+(\d{4})(?!\d)/u.exec(written),
      1,
      2,
    ) ??
    named(/(?:^|\s)(\p{L}{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?!\d)/u.exec(written), 2, 1)
  )
}

function edtf(match: RegExpExecArray | null): string | null {
  if (match === null) return null
  const parts = match.slice(1, 4).filter((part) => part !== undefined)
  return valid(parts.map((part) => part.padStart(2, '0')).join('-'))
}

function named(match: RegExpExecArray | null, day: number, month: number): string | null {
  if (match === null) return null
  const index = MONTHS.findIndex((name) => match[month]?.toLowerCase().startsWith(name))
  if (index === -1) return null
  return valid(`${match[3]}-${String(index + 1).padStart(2, '0')}-${(match[day] ?? '').padStart(2, '0')}`)
}

function valid(date: string): string | null {
  return parseEdtf(date) === null ? null : date
}
