import type { DomDocument } from './dom.ts'
import { findArticle, namesOf, textOf, type LinkedData } from './linked-data.ts'
import { pageDate } from './page-date.ts'

/** What a page or a document says of itself. Dates are EDTF; what it does not say is null. */
export interface DocumentMetadata {
  readonly title: string | null
  readonly publisher: string | null
  readonly author: readonly string[]
  /** When it was first published. The one to cite; never the date of a change. */
  readonly published: string | null
  readonly modified: string | null
  readonly lang: string | null
  /** The address it gives itself, http or https. */
  readonly canonicalUrl: string | null
}

/** Reads JSON-LD (schema.org), Open Graph, Highwire and Dublin Core tags and plain HTML, in this order. */
export function htmlMetadata(document: DomDocument, url: string): DocumentMetadata {
  const article = findArticle(document)
  const meta = metaTags(document)
  return {
    title:
      textOf(article?.['headline']) ??
      first(meta, ['og:title', 'citation_title', 'dc.title', 'twitter:title']) ??
      plain(document.querySelector('title')?.textContent) ??
      plain(document.querySelector('h1')?.textContent),
    publisher:
      namesOf(article?.['publisher'])[0] ??
      first(meta, ['og:site_name', 'citation_publisher', 'dc.publisher', 'application-name']),
    author: authorsOf(article, meta),
    published: dateOf(
      article?.['datePublished'],
      first(meta, [
        'article:published_time',
        'citation_publication_date',
        'citation_date',
        'dc.date.issued',
        'dcterms.issued',
        'dcterms.created',
        'dc.date',
        'parsely-pub-date',
        'datepublished',
        'pubdate',
        'date',
      ]),
      document.querySelector('[itemprop="datePublished"]')?.getAttribute('datetime'),
      document.querySelector('[itemprop="datePublished"]')?.getAttribute('content'),
      document.querySelector('time[pubdate]')?.getAttribute('datetime'),
    ),
    modified: dateOf(
      article?.['dateModified'],
      first(meta, [
        'article:modified_time',
        'og:updated_time',
        'dcterms.modified',
        'datemodified',
        'last-modified',
      ]),
      document.querySelector('[itemprop="dateModified"]')?.getAttribute('datetime'),
      document.querySelector('[itemprop="dateModified"]')?.getAttribute('content'),
    ),
    lang: languageOf(
      document.documentElement?.getAttribute('lang'),
      textOf(article?.['inLanguage']),
      first(meta, ['content-language', 'og:locale', 'dc.language']),
    ),
    canonicalUrl: canonicalOf(document, meta, url),
  }
}

type MetaTags = ReadonlyMap<string, readonly string[]>

function metaTags(document: DomDocument): MetaTags {
  const tags = new Map<string, string[]>()
  for (const tag of document.querySelectorAll('meta')) {
    const name = tag.getAttribute('property') ?? tag.getAttribute('name') ?? tag.getAttribute('http-equiv')
    const content = plain(tag.getAttribute('content'))
    if (name === null || content === null) continue
    const key = name.trim().toLowerCase()
    tags.set(key, [...(tags.get(key) ?? []), content])
  }
  return tags
}

function first(meta: MetaTags, names: readonly string[]): string | null {
  for (const name of names) {
    const content = meta.get(name)?.[0]
    if (content !== undefined) return content
  }
  return null
}

function authorsOf(article: LinkedData | null, meta: MetaTags): readonly string[] {
  const linked = namesOf(article?.['author'])
  if (linked.length > 0) return linked
  for (const name of ['citation_author', 'dc.creator', 'author', 'parsely-author', 'article:author', 'byl']) {
    // article:author is as often the address of a profile, which is no name.
    const names = (meta.get(name) ?? []).filter((each) => !/^https?:/iu.test(each))
    if (names.length > 0) return [...new Set(names.map((each) => each.replace(/^by\s+/iu, '')))]
  }
  return []
}

function dateOf(...candidates: readonly unknown[]): string | null {
  for (const candidate of candidates) {
    const text = textOf(candidate)
    const date = text === null ? null : pageDate(text)
    if (date !== null) return date
  }
  return null
}

function languageOf(...candidates: readonly (string | null | undefined)[]): string | null {
  for (const candidate of candidates) {
    const tag = candidate?.trim().replaceAll('_', '-')
    if (tag !== undefined && /^[a-z]{2,3}(-[a-z0-9]+)*$/iu.test(tag)) return tag
  }
  return null
}

function canonicalOf(document: DomDocument, meta: MetaTags, url: string): string | null {
  const written =
    plain(document.querySelector('link[rel~="canonical"]')?.getAttribute('href')) ?? first(meta, ['og:url'])
  if (written === null || !URL.canParse(written, url)) return null
  const canonical = new URL(written, url)
  return canonical.protocol === 'http:' || canonical.protocol === 'https:' ? canonical.href : null
}

function plain(text: string | null | undefined): string | null {
  const words = (text ?? '').replace(/\s+/gu, ' ').trim()
  return words === '' ? null : words.slice(0, 500)
}
