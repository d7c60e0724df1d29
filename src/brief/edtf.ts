/** A date of the Extended Date/Time Format (ISO 8601-2, level 0, and “about” of level 1). */
export interface Edtf {
  readonly year: number
  /** 1 to 12; null: only the year is known. */
  readonly month: number | null
  /** 1 to 31; null: only the month is known. */
  readonly day: number | null
  /** A trailing `~`: about then. */
  readonly approximate: boolean
}

const PATTERN = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(~)?$/

/** `2025`, `2025-11`, `2025-11-08`, each with or without `~`; null for anything else, 30 February included. */
export function parseEdtf(text: string): Edtf | null {
  const match = PATTERN.exec(text)
  if (match === null) return null
  const year = Number(match[1])
  const month = match[2] === undefined ? null : Number(match[2])
  const day = match[3] === undefined ? null : Number(match[3])
  if (month !== null && (month < 1 || month > 12)) return null
  if (day !== null && month !== null && (day < 1 || day > daysIn(year, month))) return null
  return { year, month, day, approximate: match[4] === '~' }
}

/** Orders by the first day a date can mean; the vaguer of two comes first. */
export function compareEdtf(a: Edtf, b: Edtf): number {
  return a.year - b.year || (a.month ?? 0) - (b.month ?? 0) || (a.day ?? 0) - (b.day ?? 0)
}

/** For people: “8 November 2025”, “about 8 November 2025”, “November 2025”, in the language `lang`. */
export function formatEdtf(edtf: Edtf, lang: string): string {
  const date = new Date(0)
  date.setUTCFullYear(edtf.year, (edtf.month ?? 1) - 1, edtf.day ?? 1)
  const plain = formatter(lang, edtf).format(date)
  return edtf.approximate ? `${about(lang)} ${plain}` : plain
}

/** Plain “en” would put the month first, as in the United States; those who want that say en-US. */
function formatter(lang: string, edtf: Edtf): Intl.DateTimeFormat {
  const locale = lang.toLowerCase() === 'en' ? 'en-GB' : lang
  const options: Intl.DateTimeFormatOptions = {
    year: 'numeric',
    timeZone: 'UTC',
    calendar: 'gregory',
    ...(edtf.month === null ? {} : { month: 'long' }),
    ...(edtf.day === null ? {} : { day: 'numeric' }),
  }
  try {
    return new Intl.DateTimeFormat(locale, options)
  } catch {
    return new Intl.DateTimeFormat('en-GB', options)
  }
}

function about(lang: string): string {
  switch (lang.toLowerCase().split('-')[0]) {
    case 'en':
      return 'about'
    case 'fr':
      return 'vers le'
    case 'es':
      return 'hacia el'
    default:
      return 'ca.'
  }
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}
