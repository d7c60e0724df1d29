import type { Citation, CitationItem } from '../brief/tree.ts'
import { mayRead } from '../core/tier.ts'
import { sourceKinds, type Source, type SourceKind } from '../sources/source.ts'
import type { Projection } from './project-tree.ts'
import type { KeyClaim, SourcingStatement } from './sourcing-statement.ts'
import { isCitation, readable, textsOf } from './withheld.ts'

/**
 * The kinds that are close to what they tell of: those who act or count, what was measured, what was
 * seen or said first-hand. Who reports what others did or said (a wire, a newspaper, a broadcaster, a think
 * tank, a reference work), and social media, where either may stand, are not.
 */
export const primaryKinds: ReadonlySet<SourceKind> = new Set([
  'official',
  'un',
  'paper',
  'dataset',
  'interview',
])

/**
 * The sourcing statement of a projection. Numbers and kinds are those of the whole issue, which every
 * tier sees in the list of sources; claims and corrections are those that the tier may read.
 */
export function sourcingOf(projection: Projection, claims: readonly KeyClaim[]): SourcingStatement {
  const { issue, tier, cited, mask } = projection
  const { ledger, numbers } = issue
  const listed = [...ledger.values()]
  const sources = listed.filter((source) => numbers.has(source.id))
  const shown = shownCitations(projection)
  const key = claims.filter(({ citation }) => shown.has(citation))
  const isOpen = (source: Source): boolean => !numbers.has(source.id) || cited.has(source.id)
  return {
    cited: sources.length,
    consulted: listed.filter((source) => source.consulted && !numbers.has(source.id)).length,
    kinds: countKinds(sources),
    primary: sources.filter(({ kind }) => primaryKinds.has(kind)).length,
    voices: issue.stored.voices.independent(sources.map(({ id }) => ({ id, via: null }))).length,
    snapshots: sources.filter(({ snapshot }) => snapshot !== null).length,
    keyClaims: key.length,
    singleVoice: key
      .filter(({ items }) => issue.stored.voices.independent(items).length === 1)
      .map(({ items }) => ({ numbers: numbersOf(items, numbers) })),
    unnamed: listed
      .filter(({ id, consulted }) => numbers.has(id) || consulted)
      .flatMap((source) => {
        const { anonymity, id } = source
        if (anonymity === null) return []
        const told = isOpen(source) ? anonymity : null
        const number = numbers.get(id) ?? null
        return [
          {
            number,
            reason: told === null ? null : mask.text(told.reason),
            access: told === null ? null : mask.text(told.access),
          },
        ]
      })
      .toSorted((a, b) => (a.number ?? Infinity) - (b.number ?? Infinity)),
    corrections: issue.briefs
      .filter(({ meta }) => mayRead(tier, meta.access))
      .flatMap(({ meta }) => meta.corrections.map(({ date }) => ({ date, brief: mask.text(meta.title) })))
      .toSorted((a, b) => (a.date < b.date ? 1 : a.date > b.date ? -1 : 0)),
  }
}

function shownCitations({ issue, tier }: Projection): ReadonlySet<Citation> {
  const texts = textsOf(issue).filter((text) => mayRead(tier, text.access))
  return new Set(texts.flatMap(({ root }) => [...readable(root, tier)].filter(isCitation)))
}

function countKinds(sources: readonly Source[]): SourcingStatement['kinds'] {
  return sourceKinds
    .map((kind) => ({ kind, count: sources.filter((source) => source.kind === kind).length }))
    .filter(({ count }) => count > 0)
    .toSorted((a, b) => b.count - a.count)
}

function numbersOf(items: readonly CitationItem[], numbers: ReadonlyMap<string, number>): number[] {
  const found = items.flatMap(({ id, via }) => [numbers.get(id), via === null ? undefined : numbers.get(via)])
  return [...new Set(found.flatMap((number) => number ?? []))].toSorted((a, b) => a - b)
}
