import { isHashRoute } from './url.ts'

/** Up to here a quotation stands whole in the link; a longer one is named by its ends. */
const WHOLE_LENGTH = 90
const END_WORDS = 5

/**
 * `url` at the passage that holds `quote`, as a text fragment (`#:~:text=`, WICG Scroll to Text
 * Fragment §3.3), or null where none can be trusted: fewer than three words, a PDF, a page that
 * uses its fragment as a route. An ellipsis or a `[bracketed]` insertion is never searched for.
 */
export function passageUrl(url: string, quote: string): string | null {
  if (!URL.canParse(url)) return null
  const page = new URL(url)
  if (page.protocol !== 'http:' && page.protocol !== 'https:') return null
  if (isHashRoute(page) || /\.pdf$/iu.test(page.pathname)) return null
  const directive = textDirective(quote)
  if (directive === null) return null
  page.hash = page.hash.replace(/:~:.*$/su, '')
  const base = page.href.replace(/#$/u, '')
  return `${base}${page.hash === '' ? '#' : ''}:~:text=${directive}`
}

function textDirective(quote: string): string | null {
  const segments = quote
    .split(/\[[^\]]*\]|…|\.{3,}|\.(?: \.){2,}/u)
    .map(trimmed)
    .filter((segment) => segment !== '')
  const first = segments[0]
  const last = segments.at(-1)
  if (first === undefined || last === undefined) return null
  if (segments.length === 1) return oneStretch(first)
  if (isTelling(first) && isTelling(last)) return `${encoded(head(first))},${encoded(tail(last))}`
  const longest = segments.reduce((a, b) => (b.length > a.length ? b : a))
  return oneStretch(longest)
}

function oneStretch(text: string): string | null {
  if (!isTelling(text)) return null
  if (text.length <= WHOLE_LENGTH) return encoded(text)
  // A long text without spaces cannot be cut at a word here; a browser would not find a part of one.
  if (words(text).length < 2 * END_WORDS) return null
  return `${encoded(head(text))},${encoded(tail(text))}`
}

/** Long enough to be found in one place only: three words, or six signs of a script without spaces. */
function isTelling(text: string): boolean {
  if (words(text).length >= 3) return true
  const signs = text.match(
    /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}\p{scx=Khmr}\p{scx=Laoo}\p{scx=Mymr}]/gu,
  )
  return (signs?.length ?? 0) >= 6
}

function head(text: string): string {
  return trimmed(words(text).slice(0, END_WORDS).join(' '))
}

function tail(text: string): string {
  return trimmed(words(text).slice(-END_WORDS).join(' '))
}

function words(text: string): string[] {
  return text.split(' ')
}

/** One line, without the quotation marks and the punctuation at its ends, which pages set differently. */
function trimmed(text: string): string {
  return text.replace(/\s+/gu, ' ').replace(/^[\s"'“”„‘’«».,;:!?–—-]+|[\s"'“”„‘’«».,;:!?–—-]+$/gu, '')
}

/** Percent-encoded; the hyphen too, since `-,` and `,-` mark a prefix and a suffix. */
function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /[-!'()*~]/gu,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
