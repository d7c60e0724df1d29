import type { CitationItem, CitationMark } from '../brief/tree.ts'
import { mayRead, type Tier } from '../core/tier.ts'
import type { Source } from '../sources/source.ts'
import type { Issue, ProjectedSource, SourceCount } from './issue.ts'
import type { Mask } from './mask.ts'
import type { Passage } from './surroundings.ts'
import { isCitation, readable, textsOf } from './withheld.ts'

/** What the text that a tier may read cites: ids, and for each the quotations and relays. */
export type Cited = ReadonlyMap<
  string,
  { readonly quotes: readonly string[]; readonly via: readonly string[] }
>

/** Follows the citations in what a reader of `tier` may read, in reading order. */
export function citedBy(issue: Issue, tier: Tier): Cited {
  const cited = new Map<string, { quotes: string[]; via: string[] }>()
  const entry = (id: string): { quotes: string[]; via: string[] } => {
    const known = cited.get(id) ?? { quotes: [], via: [] }
    cited.set(id, known)
    return known
  }
  for (const text of textsOf(issue)) {
    if (!mayRead(tier, text.access)) continue
    for (const node of readable(text.root, tier)) {
      if (!isCitation(node)) continue
      for (const { id, quote, via } of node.items) {
        const { quotes, via: relays } = entry(id)
        if (quote !== null && !quotes.includes(quote)) quotes.push(quote)
        if (via === null) continue
        entry(via)
        if (!relays.includes(via)) relays.push(via)
      }
    }
  }
  return cited
}

/** Whether a reader of `tier`, whose text cites `cited`, may follow the link of `source`. */
export function mayFollow(issue: Issue, source: Source, tier: Tier, cited: Cited): boolean {
  return mayRead(tier, 'subscriber') && !isSectionLocked(issue, source, cited)
}

/** The list of sources: every number of the issue, then what was read but not cited. */
export function projectSources(issue: Issue, tier: Tier, cited: Cited, mask: Mask): ProjectedSource[] {
  const numbered: Source[] = []
  for (const id of issue.numbers.keys()) {
    const source = issue.ledger.get(id)
    if (source !== undefined) numbered.push(source)
  }
  const number = (source: Source): number => issue.numbers.get(source.id) ?? 0
  numbered.sort((a, b) => number(a) - number(b))
  const consulted = [...issue.ledger.values()].filter(
    (source) => source.consulted && !issue.numbers.has(source.id),
  )
  return [...numbered, ...consulted].map((source) => projectSource(issue, source, tier, cited, mask))
}

/** Links that can be followed now, and how many more a free subscription would unlock. */
export function countSources(issue: Issue, tier: Tier, sources: readonly ProjectedSource[]): SourceCount {
  const linked = sources.filter((source) => source.url !== null || source.archive !== null).length
  if (mayRead(tier, 'subscriber')) return { total: sources.length, linked, unlockedBySubscribing: 0 }
  const cited = citedBy(issue, 'subscriber')
  const unlocked = sources.filter((shown) => {
    const source = issue.ledger.get(shown.id)
    if (source === undefined || (source.url === null && source.archive === null)) return false
    return mayFollow(issue, source, 'subscriber', cited)
  })
  return { total: sources.length, linked, unlockedBySubscribing: unlocked.length - linked }
}

/** What a reader of `tier` sees of a citation's sources: one mark a number, relays after their origin. */
export function marksOf(
  items: readonly CitationItem[],
  issue: Issue,
  tier: Tier,
  cited: Cited,
  mask: Mask,
): CitationMark[] {
  const marks = new Map<number, CitationMark>()
  const add = (id: string, quote: string | null, via: string | null): void => {
    const source = issue.ledger.get(id)
    const number = issue.numbers.get(id)
    if (source === undefined || number === undefined || marks.has(number)) return
    const follows = mayFollow(issue, source, tier, cited)
    const passage = follows ? passageOf(issue, source, cited, quote === null ? [] : [quote]) : null
    marks.set(number, {
      number,
      publisher: mask.text(source.publisher),
      href: follows ? (passage ?? source.url) : null,
      via: via === null ? null : (issue.numbers.get(via) ?? null),
    })
  }
  for (const item of items) {
    add(item.id, item.quote, item.via)
    if (item.via !== null) add(item.via, null, null)
  }
  return [...marks.values()]
}

function projectSource(issue: Issue, source: Source, tier: Tier, cited: Cited, mask: Mask): ProjectedSource {
  const follows = mayFollow(issue, source, tier, cited)
  // Of what only locked text cites, the publisher and the title stay, with what dates and sorts them.
  const sectionLocked = isSectionLocked(issue, source, cited)
  const own = cited.get(source.id)
  const passages = follows ? passagesOf(issue, source, cited, mask) : []
  const hasLink = source.url !== null || source.archive !== null
  return {
    number: issue.numbers.get(source.id) ?? null,
    id: source.id,
    title: mask.text(source.title),
    publisher: mask.text(source.publisher),
    authors: sectionLocked ? [] : source.author.map((name) => mask.text(name)),
    published: source.published,
    kind: source.kind,
    lang: source.lang,
    party: sectionLocked || source.party === null ? null : mask.text(source.party),
    url: follows ? source.url : null,
    passageUrl: follows ? passageOf(issue, source, cited, own?.quotes ?? []) : null,
    archive: follows ? source.archive : null,
    quotes: passages.map(({ quote }) => quote),
    passages,
    capturedAt: sectionLocked ? null : issue.stored.capturedAt(source),
    snapshot: source.snapshot,
    locked: sectionLocked ? 'section' : follows || !hasLink ? null : 'tier',
    via: (own?.via ?? []).flatMap((id) => issue.numbers.get(id) ?? []),
  }
}

/** What a source is quoted for in what this tier reads, each once, with the words around it. */
function passagesOf(issue: Issue, source: Source, cited: Cited, mask: Mask): Passage[] {
  const own = cited.get(source.id)?.quotes ?? []
  const withheld = withheldQuotes(issue, source, cited)
  const passages = [...new Set([...own, ...openQuotes(issue, source, cited)])].map((quote) => {
    const { before, after, found } = issue.stored.passage(source, quote, withheld)
    return { quote: mask.text(quote), before: mask.text(before), after: mask.text(after), found }
  })
  return [...new Map(passages.map((passage) => [passage.quote, passage])).values()]
}

/** What only text withheld from this tier quotes of a source. */
function withheldQuotes(issue: Issue, source: Source, cited: Cited): string[] {
  const all = citedWhole.get(issue) ?? citedBy(issue, 'member')
  citedWhole.set(issue, all)
  const shown = cited.get(source.id)?.quotes ?? []
  return (all.get(source.id)?.quotes ?? []).filter((quote) => !shown.includes(quote))
}

/** The ledger's passages of a source, but for those that only text withheld from this tier is cited for. */
function openQuotes(issue: Issue, source: Source, cited: Cited): readonly string[] {
  if (source.quotes.length === 0) return source.quotes
  const withheld = withheldQuotes(issue, source, cited).map(wordsOf)
  return source.quotes.filter(
    (quote) => !withheld.some((each) => wordsOf(quote).includes(each) || each.includes(wordsOf(quote))),
  )
}

/** What an issue cites as a whole: derived from it, and asked for once a source. */
const citedWhole = new WeakMap<Issue, Cited>()

function wordsOf(quote: string): string {
  return quote
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

/** The link to the passage of the first quotation that gives one: the citation's own, else the ledger's first. */
function passageOf(issue: Issue, source: Source, cited: Cited, own: readonly string[]): string | null {
  const quote = own[0] ?? openQuotes(issue, source, cited)[0]
  return quote === undefined ? null : issue.stored.linkTo(source, quote)
}

/** Cited in the issue, but not in what this tier may read. */
function isSectionLocked(issue: Issue, source: Source, cited: Cited): boolean {
  return issue.numbers.has(source.id) && !cited.has(source.id)
}
