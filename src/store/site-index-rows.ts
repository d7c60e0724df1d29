import { createHash } from 'node:crypto'
import { tiers, type Tier } from '../core/tier.ts'
import type { Edition } from '../email/edition.ts'
import { canonicalUrl } from '../sources/url.ts'
import { wordsApart } from './search-query.ts'

/** What of an edition is taken in. */
export type Indexed = Pick<Edition, 'hash' | 'lang' | 'subject' | 'preheader' | 'sources' | 'page'>

/** Raised when rows come to be made in another way: then every issue is taken in again. */
export const INDEX_VERSION = 1

/** What the site lists and searches of one edition: each row made from what its tier may see. */
export interface IndexRows {
  readonly tier: Tier
  readonly edition: Indexed
  /** In reading order. */
  readonly briefs: readonly {
    readonly brief: string
    readonly position: number
    readonly title: string
    readonly standfirst: string
  }[]
  readonly corrections: readonly {
    readonly brief: string
    readonly number: number
    readonly day: string
    readonly words: string
  }[]
  /** Without a brief: the opening note, or read and not cited. */
  readonly places: readonly { readonly source: string; readonly brief: string; readonly work: string }[]
  /** A text a brief, with the sources that it cites, and one of the issue: subject, preheader and opening note. */
  readonly texts: readonly { readonly brief: string; readonly title: string; readonly words: string }[]
}

/** The rows of an issue, a tier each. */
export function indexRows(editions: Readonly<Record<Tier, Indexed>>): IndexRows[] {
  const urls = new Map(editions.member.sources.sources.map(({ id, url }) => [id, url]))
  return tiers.map((tier) => {
    const edition = editions[tier]
    const briefs = edition.page?.briefs ?? []
    return {
      tier,
      edition,
      briefs: briefs.map(({ id, title, standfirst }, position) => ({
        brief: id,
        position,
        title,
        standfirst,
      })),
      corrections: briefs.flatMap(({ id, corrections }) =>
        corrections.map(({ date, text }, number) => ({ brief: id, number, day: date, words: text })),
      ),
      places: placesOf(edition, urls),
      texts: textsOf(edition),
    }
  })
}

/** Where a source is cited in what the tier reads: its claims name the opening note too, its page every mark. */
function placesOf({ sources, page }: Indexed, urls: ReadonlyMap<string, string | null>): IndexRows['places'] {
  const cited = new Map<number, Set<string>>()
  const cite = (number: number, brief: string): void => {
    cited.set(number, (cited.get(number) ?? new Set()).add(brief))
  }
  for (const { brief, citations } of sources.claims ?? [])
    for (const { source } of citations) cite(source, brief ?? '')
  for (const { id, cites } of page?.briefs ?? []) for (const number of cites) cite(number, id)
  return sources.sources.flatMap((source) => {
    const briefs = source.number === null ? undefined : cited.get(source.number)
    const work = workOf(source, urls.get(source.id) ?? null)
    return Array.from(briefs ?? [''], (brief) => ({ source: source.id, brief, work }))
  })
}

/**
 * The same for the same work in all issues: by its address, so that another wording of its title does not
 * matter. Of a source that only text withheld from the tier cites, the address plays no part, or that two
 * entries are one page would tell where the withheld one leads; then it is what the tier sees of it.
 */
function workOf(source: Edition['sources']['sources'][number], url: string | null): string {
  const address = source.locked === 'section' || url === null ? null : canonicalUrl(url)
  const { publisher, title, published } = source
  const key = address ?? JSON.stringify([publisher, title, published].map((text) => text.toLowerCase()))
  return createHash('sha256').update(key).digest('hex').slice(0, 32)
}

function textsOf({ page, subject, preheader }: Indexed): IndexRows['texts'] {
  const note = wordsOf(page?.noteHtml ?? '')
  return [
    { brief: '', title: searchable([subject]), words: searchable([preheader, note]) },
    ...(page?.briefs ?? []).map((brief) => {
      const corrections = brief.corrections.map(({ text }) => text)
      const cited = (page?.sources ?? [])
        .filter(({ number }) => number !== null && brief.cites.includes(number))
        .map(({ publisher, title }) => `${publisher}: ${title}`)
      const words = [brief.standfirst, brief.words, ...corrections, ...cited]
      return { brief: brief.id, title: searchable([brief.title]), words: searchable(words) }
    }),
  ]
}

/** On one line; control characters are left for the marks around what was found. */
function searchable(parts: readonly string[]): string {
  return parts
    .map((part) =>
      wordsApart(part)
        .replace(/[\s\p{Cc}]+/gu, ' ')
        .trim(),
    )
    .filter((part) => part !== '')
    .join(' · ')
}

/** The words of our own markup. */
function wordsOf(html: string): string {
  return html
    .replace(/<[^>]*>/g, ' ')
    .replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => entities[name] ?? ' ')
}

/** Those that `escapeHtml` of src/render/escape.ts writes. */
const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }
