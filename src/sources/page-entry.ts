import { parseEdtf } from '../brief/edtf.ts'
import { idFrom } from './draft.ts'
import type { DocumentMetadata } from './html-metadata.ts'
import { guessKind } from './guess-kind.ts'
import type { SourceKind } from './source.ts'
import { readSourceUrl } from './url.ts'

/** What a page says of itself, as fields of an entry; null where it does not say. */
export interface PageEntry {
  readonly url: string
  readonly title: string | null
  readonly publisher: string | null
  readonly author: readonly string[]
  readonly published: string | null
  /** Null also where the page was not changed since it was published. */
  readonly modified: string | null
  readonly lang: string | null
  readonly kind: SourceKind | null
}

/** More are a list of a newsroom, not of authors. */
const MOST_AUTHORS = 12

/**
 * The fields of an entry for a page that was asked for at `asked` and found at `found`.
 * The address is the page's own (`rel=canonical`) where it is on the same site, else the one found.
 */
export function pageEntry(asked: string, found: string, metadata: DocumentMetadata): PageEntry {
  const url = addressOf(asked, found, metadata.canonicalUrl)
  const publisher = clean(metadata.publisher)
  const published = metadata.published
  return {
    url,
    title: headline(clean(metadata.title), publisher, url),
    publisher,
    author: metadata.author.flatMap((name) => clean(name) ?? []).slice(0, MOST_AUTHORS),
    published,
    modified: metadata.modified === published ? null : metadata.modified,
    lang: metadata.lang,
    kind: guessKind({ publisher, url, type: null }),
  }
}

/** “caliber-1108”: publisher and day; without a day, the publisher alone. */
export function suggestId(publisher: string, published: string): string {
  const name = idFrom(
    publisher.replace(/\.(?:com|org|net|co\.uk|[a-z]{2})$/iu, '').replace(/^the\s+/iu, ''),
    24,
  )
  const date = parseEdtf(published)
  if (date === null || date.month === null || date.day === null) return name
  return `${name}-${String(date.month).padStart(2, '0')}${String(date.day).padStart(2, '0')}`
}

function addressOf(asked: string, found: string, canonical: string | null): string {
  const at = new URL(found)
  if (canonical !== null) {
    const own = new URL(canonical)
    const read = readSourceUrl(canonical)
    // Some sites name their front page as the address of every page.
    const isFrontPage = own.pathname === '/' && own.search === '' && at.pathname !== '/'
    if (read.kind === 'url' && isSameSite(own, at) && !isFrontPage) return read.url
  }
  const read = readSourceUrl(isSameSite(at, new URL(asked)) ? found : asked)
  return read.kind === 'url' ? read.url : asked
}

function isSameSite(a: URL, b: URL): boolean {
  const [one, other] = [siteOf(a), siteOf(b)]
  return a.port === b.port && (one === other || one.endsWith(`.${other}`) || other.endsWith(`.${one}`))
}

function siteOf(url: URL): string {
  return url.hostname.replace(/^(?:www|m|amp|mobile)\./u, '').replace(/\.$/u, '')
}

/** The title without the name of the site that pages put behind it. */
function headline(title: string | null, publisher: string | null, url: string): string | null {
  if (title === null) return null
  const parts = /^(.{8,}?)\s+[|–—·»-]\s+([^|–—·»]+)$/u.exec(title)
  if (parts === null) return title
  const [, words = title, tail = ''] = parts
  const names = [publisher ?? '', siteOf(new URL(url)), siteOf(new URL(url)).split('.')[0] ?? ''].map(nameKey)
  const last = nameKey(tail)
  return names.some((name) => name !== '' && (name === last || last === `the${name}`)) ? words : title
}

function nameKey(text: string): string {
  return idFrom(text).replaceAll('-', '')
}

/** One line, without signs that move a terminal's cursor or turn the text's direction. */
function clean(text: string | null): string | null {
  const words = (text ?? '')
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu, '')
    .trim()
  return words === '' ? null : words
}
