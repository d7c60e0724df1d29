import { canonicalHash } from '../../core/canonical.ts'
import type { ListedSource } from '../../issue/sources-document.ts'
import { nameOf, type NamedSource } from './citations.ts'

/** A source of the list at the mail's end. */
export interface SourceChange {
  readonly kind: 'source'
  readonly how: 'added' | 'removed' | 'renumbered' | 'changed'
  /** As it was; null: it is new. */
  readonly from: NamedSource | null
  /** As it is; null: it is gone. */
  readonly to: NamedSource | null
  /** Of one that changed: which of its fields, as the ledger names them. */
  readonly fields: readonly string[]
}

/** Fields of a listed source that a reader sees, by what an editor calls them. */
const shown = {
  title: 'title',
  publisher: 'publisher',
  authors: 'author',
  published: 'published',
  kind: 'kind',
  lang: 'lang',
  party: 'party',
  url: 'url',
  archive: 'archive',
  quotes: 'quotes',
  capturedAt: 'snapshot',
  snapshot: 'snapshot',
  locked: 'access',
} as const satisfies Partial<Record<keyof ListedSource, string>>

/** Those added, changed, renumbered in the order of the later list, then those removed. */
export function compareSources(
  before: readonly ListedSource[],
  after: readonly ListedSource[],
): SourceChange[] {
  const was = new Map(before.map((source) => [source.id, source]))
  const is = new Set(after.map(({ id }) => id))
  const of = (
    how: SourceChange['how'],
    from: ListedSource | null,
    to: ListedSource | null,
    fields: readonly string[] = [],
  ): SourceChange => ({
    ...{ kind: 'source', how, from: from && nameOf(from), to: to && nameOf(to), fields },
  })
  return [
    ...after.flatMap((source) => {
      const former = was.get(source.id)
      if (former === undefined) return [of('added', null, source)]
      const fields = fieldsChanged(former, source)
      if (fields.length > 0) return [of('changed', former, source, fields)]
      return former.number === source.number ? [] : [of('renumbered', former, source)]
    }),
    ...before.filter(({ id }) => !is.has(id)).map((source) => of('removed', source, null)),
  ]
}

/** What only those are shown whom the source is open to. */
const ofTheOpen: readonly string[] = ['authors', 'party', 'url', 'archive', 'quotes', 'capturedAt']

function fieldsChanged(before: ListedSource, after: ListedSource): string[] {
  const keys = Object.keys(shown) as (keyof typeof shown)[]
  const same = before.locked === after.locked
  const changed = keys.filter(
    (key) =>
      (same || !ofTheOpen.includes(key)) && canonicalHash([before[key]]) !== canonicalHash([after[key]]),
  )
  return [...new Set(changed.map((key) => shown[key]))]
}
