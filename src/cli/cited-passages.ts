import { citationsOf } from '../brief/citations.ts'
import type { Issue } from '../issue/issue.ts'

/** By the id of the source: the passages that the issue rests on, word for word, those of its citations first. */
export function citedPassages(issue: Issue): ReadonlyMap<string, readonly string[]> {
  const passages = new Map<string, Set<string>>()
  const add = (id: string, quote: string): void => {
    passages.set(id, (passages.get(id) ?? new Set()).add(quote))
  }
  for (const text of [issue.note, ...issue.briefs.map((brief) => brief.body)]) {
    for (const { items } of citationsOf(text)) {
      for (const { id, quote } of items) if (quote !== null) add(id, quote)
    }
  }
  for (const source of issue.ledger.values()) for (const quote of source.quotes) add(source.id, quote)
  return new Map([...passages].map(([id, quotes]) => [id, [...quotes]]))
}
