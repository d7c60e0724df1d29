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
  const plain = dateFormatter(lang, edtf).format(date)
  return edtf.approximate ? `${about(lang)} ${plain}` : plain
}

/**
 * Formats as precisely as `edtf` knows. Plain “en” would put the month first, as in the United States; those
 * who want that say en-US. Made once a language and precision: making one takes longer than a thousand uses.
 */
export function dateFormatter(
  lang: string,
  { month, day }: Pick<Edtf, 'month' | 'day'>,
): Intl.DateTimeFormat {
  const key = `${lang} ${month === null ? 'y' : day === null ? 'm' : 'd'}`
  const known = formatters.get(key)
  if (known !== undefined) return known
  const locale = lang.toLowerCase() === 'en' ? 'en-GB' : lang
  const options: Intl.DateTimeFormatOptions = {
    year: 'numeric',
    timeZone: 'UTC',
    calendar: 'gregory',
    ...(month === null ? {} : { month: 'long' }),
    ...(day === null ? {} : { day: 'numeric' }),
  }
  const made = isLanguage(locale)
    ? new Intl.DateTimeFormat(locale, options)
    : new Intl.DateTimeFormat('en-GB', options)
  // Languages come from files: what keeps them must not grow with what editors mistype.
  if (formatters.size >= MOST_FORMATTERS) formatters.clear()
  formatters.set(key, made)
  return made
}

const MOST_FORMATTERS = 100
const formatters = new Map<string, Intl.DateTimeFormat>()

/** Whether `lang` has the form of a language tag (BCP 47). */
export function isLanguage(lang: string): boolean {
  try {
    return Intl.getCanonicalLocales(lang).length === 1
  } catch {
    return false
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
