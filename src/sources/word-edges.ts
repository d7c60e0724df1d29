/** Scripts that set no spaces between words. */
const UNSPACED = /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}]/u
const WORD = /[\p{L}\p{N}\p{M}_]/u
const LETTER = /[\p{L}\p{M}]/u
const DIGIT = /\p{Nd}/u
const IGNORED = /[\p{Cf}\p{Variation_Selector}]/u
const HYPHEN = /[-\u2010\u2011\u2012\u2013\u2212]/u
const APOSTROPHE = /['’ʼ]/u
/** Joins the digits of one figure: 3.5, 1,500, 10:30, 1/2. */
const IN_FIGURE = /[.,:/'’٫٬]/u
const GROUPING_SPACE = /[ \u00a0\u2009\u202f]/u
/** What changes a figure when it is left off before it, and after it. */
const BEFORE_FIGURE = /[\p{Sc}+±~≈<>≤≥=#^]/u
const AFTER_FIGURE = /[%‰°]/u

/** Whether a word, or a figure with its sign and all its digits, begins at `at`. */
export function startsWord(text: string, at: number, loose: boolean): boolean {
  const first = signAt(text, at)
  const before = signBefore(text, at)
  if (splitsFigure(text, at)) return false
  if (before === null || !WORD.test(first)) return true
  if (DIGIT.test(first)) return startsFigure(text, at, before.sign, before.at)
  if (WORD.test(before.sign)) {
    const between = betweenUnspaced(text, at, before.sign, first)
    return between ?? (loose && LETTER.test(before.sign))
  }
  const beyond = signBefore(text, before.at)
  if (beyond === null || !WORD.test(beyond.sign)) return true
  if (HYPHEN.test(before.sign)) return loose
  // “l’accord” may be quoted from its noun on; “n’accepte” may not.
  if (APOSTROPHE.test(before.sign)) return LETTER.test(beyond.sign) && !/^n$/iu.test(beyond.sign)
  return true
}

/** Whether a word, or a figure with all its digits and its per cent sign, ends at `at`. */
export function endsWord(text: string, at: number, loose: boolean): boolean {
  const last = signBefore(text, at)
  const after = signFrom(text, at)
  if (splitsFigure(text, at)) return false
  if (last === null || after === null || !WORD.test(last.sign)) return true
  const beyond = signFrom(text, after.at + after.sign.length)
  if (DIGIT.test(last.sign)) return endsFigure(text, at, after.sign, beyond?.sign ?? '')
  if (WORD.test(after.sign)) {
    return betweenUnspaced(text, at, last.sign, after.sign) ?? (loose && LETTER.test(after.sign))
  }
  if (beyond === null || !WORD.test(beyond.sign)) return true
  // “don” is not a word of “don’t”, nor “Pakistan” of “Pakistan’s”.
  if (APOSTROPHE.test(after.sign) && LETTER.test(beyond.sign)) return loose
  return !HYPHEN.test(after.sign) || loose
}

/** Whether `at` is beside the mark that joins the digits of one figure: 1|,500 or 1,|500. */
function splitsFigure(text: string, at: number): boolean {
  const around = text.slice(Math.max(0, at - 2), at + 2)
  const cut = Math.min(2, at)
  return (
    /^\p{Nd}[.,:/'’٫٬]\p{Nd}/u.test(around.slice(Math.max(0, cut - 1))) ||
    (cut === 2 && /^\p{Nd}[.,:/'’٫٬]\p{Nd}/u.test(around))
  )
}

function startsFigure(text: string, at: number, before: string, beforeAt: number): boolean {
  if (UNSPACED.test(before)) return !/[第负負]/u.test(before)
  if (WORD.test(before) || BEFORE_FIGURE.test(before)) return false
  const beyond = signBefore(text, beforeAt)?.sign ?? ''
  if (HYPHEN.test(before)) return false
  if (IN_FIGURE.test(before)) return !DIGIT.test(beyond) && !/^\.$/u.test(before)
  // “000 people” of “10 000 people”.
  if (GROUPING_SPACE.test(before)) {
    return !(
      /^\p{Nd}{3}(?!\p{Nd})/u.test(text.slice(at, at + 8)) &&
      /(?<![\p{Nd}\p{L}])\p{Nd}{1,3}$/u.test(text.slice(Math.max(0, beforeAt - 8), beforeAt))
    )
  }
  return true
}

function endsFigure(text: string, at: number, after: string, beyond: string): boolean {
  if (WORD.test(after) || AFTER_FIGURE.test(after)) return false
  if (HYPHEN.test(after)) return !WORD.test(beyond)
  if (after === '.') return !DIGIT.test(beyond)
  if (IN_FIGURE.test(after)) return !WORD.test(beyond)
  if (!GROUPING_SPACE.test(after)) return true
  const ahead = text.slice(at, at + 8)
  if (/^\s%/u.test(ahead)) return false
  // “killed 10” of “killed 10 000”.
  return !(
    /^.\p{Nd}{3}(?!\p{Nd})/u.test(ahead) &&
    /(?<!\p{Nd})\p{Nd}{1,3}$/u.test(text.slice(Math.max(0, at - 8), at))
  )
}

/** Signs that turn the word after them round in a script that would not show it by a space. */
const TURNING = /[不没沒未無无非莫勿別别]/u

/** Whether two words meet at `at`, where a script without spaces takes part; null where none does. */
function betweenUnspaced(text: string, at: number, before: string, after: string): boolean | null {
  const sides = [before, after].filter((sign) => UNSPACED.test(sign)).length
  if (sides === 0) return null
  if (TURNING.test(before)) return false
  if (sides === 1) return true
  const from = Math.max(0, at - 40)
  const segments = new Intl.Segmenter(undefined, { granularity: 'word' }).segment(text.slice(from, at + 40))
  return segments.containing(at - from)?.index === at - from
}

interface Sign {
  readonly sign: string
  readonly at: number
}

function signAt(text: string, at: number): string {
  return String.fromCodePoint(text.codePointAt(at) ?? 0)
}

/** The sign before `at`, past what a reader does not see; null at the start. */
function signBefore(text: string, at: number): Sign | null {
  let from = at
  while (from > 0) {
    const low = text.charCodeAt(from - 1)
    const isPair = low >= 0xdc00 && low < 0xe000 && from > 1
    from -= isPair ? 2 : 1
    const sign = text.slice(from, from + (isPair ? 2 : 1))
    if (!IGNORED.test(sign)) return { sign, at: from }
  }
  return null
}

function signFrom(text: string, at: number): Sign | null {
  let from = at
  while (from < text.length) {
    const sign = signAt(text, from)
    if (!IGNORED.test(sign)) return { sign, at: from }
    from += sign.length
  }
  return null
}
