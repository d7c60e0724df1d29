import type { Root } from 'mdast'
import { citationsOf } from '../brief/citations.ts'
import type { Ledger } from './source.ts'

/**
 * Source id → its number, from 1, in the order of first citation over `texts` (the opening note,
 * then the briefs). A relay (`via`) is numbered after the origin that it relays. An id that the
 * ledger does not know takes no number. Runs before projection, so that `[3]` is the same for all.
 */
export function numberSources(texts: readonly Root[], ledger: Ledger): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>()
  const number = (id: string | null): void => {
    if (id !== null && ledger.has(id) && !numbers.has(id)) numbers.set(id, numbers.size + 1)
  }
  for (const text of texts) {
    for (const citation of citationsOf(text)) {
      for (const item of citation.items) {
        number(item.id)
        number(item.via)
      }
    }
  }
  return numbers
}
