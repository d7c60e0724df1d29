/** A number in a text, with all that it can mean. */
export interface Figure {
  readonly start: number
  readonly end: number
  /** “6.000” is six thousand to some and six to others. */
  readonly values: readonly number[]
  /** Units in which it counts: `km`, `%` …; null: none that converts. */
  readonly unit: string | null
  /** “about”, “nearly”, “some”: near is near enough. “more than”, “at least”: so is less. */
  readonly hedge: 'near' | 'above' | 'below' | null
  /** Written in words: “three”. */
  readonly spelled: boolean
}

/** A day of a month. */
export interface DayOfMonth {
  readonly start: number
  readonly end: number
  readonly month: number
  readonly day: number
}

/** The numbers and dates of a text. What belongs to a date or a time of day is no number. */
export function figuresIn(
  text: string,
  lang = 'en',
): { readonly numbers: readonly Figure[]; readonly days: readonly DayOfMonth[] } {
  const ascii = asciiDigits(text)
  const days = daysIn(ascii, lang)
  const plain = blank(ascii, [...days, ...timesIn(ascii)])
  return { numbers: [...digitsIn(plain), ...spelledIn(plain)].sort((a, b) => a.start - b.start), days }
}

/** Digits of any script as 0 to 9; every other sign stays where it is. */
function asciiDigits(text: string): string {
  return text.replace(/(?![0-9])\p{Nd}/gu, (digit) => {
    if (digit.length > 1) return digit
    // The digits of a script stand in a row, from zero.
    let value = 0
    const code = digit.charCodeAt(0)
    while (value < 9 && /\p{Nd}/u.test(String.fromCharCode(code - value - 1))) value++
    return String(value)
  })
}

const SCALES: Readonly<Record<string, number>> = {
  hundred: 100,
  thousand: 1e3,
  k: 1e3,
  tausend: 1e3,
  mille: 1e3,
  mil: 1e3,
  тыс: 1e3,
  lakh: 1e5,
  million: 1e6,
  millions: 1e6,
  m: 1e6,
  mn: 1e6,
  mio: 1e6,
  millionen: 1e6,
  millones: 1e6,
  млн: 1e6,
  crore: 1e7,
  billion: 1e9,
  billions: 1e9,
  bn: 1e9,
  mrd: 1e9,
  milliarden: 1e9,
  milliards: 1e9,
  млрд: 1e9,
  trillion: 1e12,
  tn: 1e12,
  万: 1e4,
  億: 1e8,
  亿: 1e8,
}

const SCALE = Object.keys(SCALES)
  .toSorted((a, b) => b.length - a.length)
  .join('|')
const DIGITS = new RegExp(
  String.raw`(?<![\p{L}\p{N}][-‑]?|\d[.,:/])\d+(?:[.,'’\u00a0\u202f ]\d{3})*(?:[.,]\d+)?(?![\p{N}])(?:[\s\u00a0-]?(${SCALE})(?![\p{L}]))?`,
  'giu',
)

function digitsIn(text: string): Figure[] {
  return [...text.matchAll(DIGITS)].flatMap((match) => {
    const scale = SCALES[match[1]?.toLowerCase() ?? ''] ?? 1
    const written = match[0].slice(0, match[1] === undefined ? undefined : -match[1].length).trim()
    const values = readings(written.replace(/-$/u, '')).map((value) => value * scale)
    const end = match.index + match[0].length
    if (values.length === 0 || /^(?:st|nd|rd|th)\b/u.test(text.slice(end))) return []
    return [figure(text, match.index, end, values, false)]
  })
}

/** What “6.000”, “6,000”, “6 000” and “6,5” can mean. */
function readings(written: string): number[] {
  const marks = written.replace(/\d/gu, '')
  if (marks === '') return [Number(written)]
  const joined = Number(written.replace(/\D/gu, ''))
  if (/^[ '’\u00a0\u202f]+$/u.test(marks)) return [joined]
  const last = Math.max(written.lastIndexOf('.'), written.lastIndexOf(','))
  const fraction = written.length - last - 1
  const decimal = Number(`${written.slice(0, last).replace(/\D/gu, '')}.${written.slice(last + 1)}`)
  if (fraction !== 3) return [decimal]
  return new Set(marks).size === 1 && marks.length === 1 ? [joined, decimal] : [joined]
}

const ONES =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  )
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ')
const WORD_VALUES = new Map<string, number>([
  ...ONES.map((word, index) => [word, index] as const),
  ...TENS.map((word, index) => [word, (index + 2) * 10] as const),
])
const WORD = `(?:${[...WORD_VALUES.keys()].join('|')})`
const SPELLED = new RegExp(
  String.raw`(?<![\p{L}\p{N}-])(?:a hundred|a thousand|a million|${WORD}(?:[- ]${WORD})?)(?:[- ](?:hundred|thousand|million|billion))*(?:(?: and|,)? ${WORD}(?:-${WORD})?)?(?![\p{L}\p{N}])`,
  'giu',
)

function spelledIn(text: string): Figure[] {
  return [...text.matchAll(SPELLED)].map((match) => {
    let total = 0
    let part = 0
    for (const word of match[0].toLowerCase().split(/[\s,-]+/u)) {
      const value = WORD_VALUES.get(word)
      if (value !== undefined) part += value
      else if (word === 'hundred') part = Math.max(1, part) * 100
      else if (word === 'a') part = 1
      else if (Object.hasOwn(SCALES, word)) {
        total += Math.max(1, part) * (SCALES[word] ?? 1)
        part = 0
      }
    }
    return figure(text, match.index, match.index + match[0].length, [total + part], true)
  })
}

const NEAR =
  /\b(?:about|around|some|roughly|nearly|almost|approximately|an estimated|close to|circa|ca\.|just (?:over|under))\s+[$€£¥]?$/iu
const ABOVE = /\b(?:more than|over|at least|upwards of|above|exceeding|no fewer than)\s+[$€£¥]?$/iu
const BELOW = /\b(?:less than|fewer than|under|up to|at most|below|as many as)\s+[$€£¥]?$/iu
const UNIT =
  /^[\s\u00a0-]?(per cent|percent|%|km|kilomet(?:re|er)s?|miles?|metres?|meters?|m|feet|foot|ft|kg|kilograms?|kilos?|pounds?|lb|tonnes?|tons?|hectares?|acres?)\b/iu

function figure(
  text: string,
  start: number,
  end: number,
  values: readonly number[],
  spelled: boolean,
): Figure {
  const before = text.slice(Math.max(0, start - 24), start)
  const hedge = NEAR.test(before)
    ? 'near'
    : ABOVE.test(before)
      ? 'above'
      : BELOW.test(before)
        ? 'below'
        : null
  const unit = UNIT.exec(text.slice(end, end + 14))?.[1]?.toLowerCase() ?? null
  return { start, end, values, unit, hedge, spelled }
}

const TIME =
  /(?<!\d)\d{1,2}[:.]\d{2}(?=\s?(?:[ap]\.?m|h\b|Uhr|GMT|UTC|local|o’clock))|(?<!\d)\d{1,2}:\d{2}(?!\d)|(?<!\d)\d{1,2}(?=\s?[ap]\.?m\b)/giu

function timesIn(text: string): { start: number; end: number }[] {
  return [...text.matchAll(TIME)].map((match) => ({ start: match.index, end: match.index + match[0].length }))
}

const monthNames = new Map<string, ReadonlyMap<string, number>>()

/** The names of the months in English and in `lang`, long and short, without a full stop. */
function monthsOf(lang: string): ReadonlyMap<string, number> {
  const known = monthNames.get(lang)
  if (known !== undefined) return known
  const months = new Map<string, number>()
  for (const language of new Set(['en', lang])) {
    for (const style of ['long', 'short'] as const) {
      const format = new Intl.DateTimeFormat([language, 'en'], {
        month: style,
        day: 'numeric',
        timeZone: 'UTC',
      })
      for (let month = 0; month < 12; month++) {
        const parts = format.formatToParts(Date.UTC(2024, month, 1))
        const name =
          parts
            .find((part) => part.type === 'month')
            ?.value.replace(/\.$/u, '')
            .toLowerCase() ?? ''
        if (/^\p{L}/u.test(name)) months.set(name, month + 1)
      }
    }
  }
  months.set('sept', 9)
  monthNames.set(lang, months)
  return months
}

const datePatterns = new Map<string, RegExp>()

function daysIn(text: string, lang: string): DayOfMonth[] {
  const months = monthsOf(lang)
  const names = [...months.keys()].toSorted((a, b) => b.length - a.length).join('|')
  const pattern =
    datePatterns.get(lang) ??
    new RegExp(
      String.raw`(?<![\p{L}\p{N}])(?:(?<d1>\d{1,2})(?:st|nd|rd|th|er|\.)?(?:\s*[–-]\s*(?<d2>\d{1,2}))?(?:\s+(?:of|de))?\s+(?<m1>${names})\.?(?![\p{L}])|(?<m2>${names})\.?\s+(?<d3>\d{1,2})(?:st|nd|rd|th)?(?:\s*[–-]\s*(?<d4>\d{1,2}))?(?!\d)|(?<y>\d{4})-(?<m3>\d{2})-(?<d5>\d{2}))(?:,?\s+(?:of\s+)?(?=(?:19|20)\d{2}(?!\d)))?`,
      'giu',
    )
  datePatterns.set(lang, pattern)
  return [...text.matchAll(pattern)].flatMap((match) => {
    const groups = match.groups ?? {}
    const name = groups['m1'] ?? groups['m2']
    const month = name === undefined ? Number(groups['m3']) : (months.get(name.toLowerCase()) ?? 0)
    const place = { start: match.index, end: match.index + match[0].trimEnd().length }
    return [groups['d1'], groups['d2'], groups['d3'], groups['d4'], groups['d5']]
      .flatMap((day) => (day === undefined ? [] : [{ ...place, month, day: Number(day) }]))
      .filter(({ day }) => day >= 1 && day <= 31)
  })
}

function blank(text: string, stretches: readonly { readonly start: number; readonly end: number }[]): string {
  let plain = text
  for (const { start, end } of stretches)
    plain = plain.slice(0, start) + ' '.repeat(end - start) + plain.slice(end)
  return plain
}
