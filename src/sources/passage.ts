import { directiveInText } from './passage-in-text.ts'
import { formatDirective, wordsBetween } from './text-directive.ts'
import { isHashRoute } from './url.ts'

/** Up to here a quotation stands whole in the link; a longer one is named by its ends. */
const WHOLE_WORDS = 8
const END_WORDS = 4
/** Bytes of a directive that is not to be longer, where the script allows it. */
const SHORT = 120

/**
 * `url` at the passage that holds `quote`, as a text fragment (`#:~:text=`, WICG Scroll to Text
 * Fragment §3.3), or null where none can be trusted: a PDF, a page that uses its fragment as a route.
 * With the text of the source’s snapshot the passage is named by the page’s own words, few, but enough
 * that no other place of the text is meant; null where it is not in the text, or cannot be told from
 * another. Without, it is named by the quotation’s words, three at least, and no ellipsis or
 * `[bracketed]` insertion is searched for.
 */
export function passageUrl(url: string, quote: string, snapshotText?: string): string | null {
  if (!URL.canParse(url)) return null
  const page = new URL(url)
  if (page.protocol !== 'http:' && page.protocol !== 'https:') return null
  if (isHashRoute(page) || /\.pdf$/iu.test(page.pathname)) return null
  const directive =
    snapshotText === undefined ? directiveOfWords(quote) : directiveInText(snapshotText, quote)
  if (directive === null) return null
  page.hash = page.hash.replace(/:~:.*$/su, '')
  const base = page.href.replace(/#$/u, '')
  return `${base}${page.hash === '' ? '#' : ''}:~:text=${directive}`
}

function directiveOfWords(quote: string): string | null {
  const stretches = quote.split(/\[[^\]]*\]|…|\.{3,}|\.(?: \.){2,}/u).flatMap((text) => {
    const words = wordsBetween(text).map(({ start, end }) => ({ text, start, end }))
    return words.length === 0 ? [] : [words]
  })
  const first = stretches[0]
  const last = stretches.at(-1)
  if (first === undefined || last === undefined) return null
  if (stretches.length === 1) return oneStretch(first)
  if (isTelling(first) && isTelling(last)) return named(first, last)
  return oneStretch(stretches.reduce((a, b) => (lengthOf(b) > lengthOf(a) ? b : a)))
}

interface Placed {
  readonly text: string
  readonly start: number
  readonly end: number
}

function oneStretch(words: readonly Placed[]): string | null {
  if (!isTelling(words)) return null
  const whole = formatDirective({ start: sliceOf(words) })
  if (words.length < 6 || (words.length <= WHOLE_WORDS && whole.length <= SHORT)) return whole
  return named(words, words)
}

/** By the first words of one stretch and the last of another, four each, or three in a script that needs more bytes. */
function named(first: readonly Placed[], last: readonly Placed[]): string {
  const directive = (count: number): string =>
    formatDirective({ start: sliceOf(first.slice(0, count)), end: sliceOf(last.slice(-count)) })
  const long = directive(END_WORDS)
  return long.length <= SHORT ? long : directive(END_WORDS - 1)
}

/** Long enough to be found in one place only: three words, or six signs of a script without spaces. */
function isTelling(words: readonly Placed[]): boolean {
  if (words.length === 0) return false
  const text = sliceOf(words)
  return text.includes(' ') ? words.length >= 3 : [...text].length >= (isAscii(text) ? Infinity : 6)
}

function sliceOf(words: readonly Placed[]): string {
  const first = words[0]
  return first === undefined ? '' : first.text.slice(first.start, words.at(-1)?.end)
}

function lengthOf(words: readonly Placed[]): number {
  return sliceOf(words).length
}

function isAscii(text: string): boolean {
  return /^[\u0020-\u024f]*$/u.test(text)
}
