import { rankOf, ranks, type SearchWord } from './search-words.ts'
import type { PeoplePage } from './store.ts'

/** One page of people who match, taken from a scan that begins with the newest. */
export interface SearchPage {
  /** The scan begins below this id. */
  readonly below: number
  /** Looks at the next one of the scan. */
  take(id: number, who: { readonly addressKey: string; readonly name: string | null }): void
  /** Nobody who is still to come would be on this page. */
  readonly full: boolean
  /** Who is on it, in order; and the `after` of the next page. */
  result(): { readonly ids: readonly number[]; readonly next: number | null }
}

/** More people than any store has. */
const A_RANK = 2 ** 44

/**
 * The best match first, and of equal ones the newest. A page is known by its last person, whose rank and id are one
 * number, so that somebody new is no reason to show anybody twice; where there are no words, it is their id.
 */
export function openSearchPage(words: readonly SearchWord[], page: PeoplePage): SearchPage {
  const most = words.length === 0 ? 1 : ranks.length
  const first = page.after === null ? 0 : Math.floor(page.after / A_RANK)
  const last = page.after === null ? A_RANK : page.after % A_RANK
  /** Of each rank, no more than a page and the one that tells whether there is more. */
  const found: number[][] = Array.from({ length: most }, () => [])
  return {
    // Others rank behind the last one, wherever they stand.
    below: first >= most - 1 ? last : A_RANK,
    take(id, who) {
      const rank = rankOf(who, words)
      if (rank === null || rank < first || (rank === first && id >= last)) return
      const same = found[rank] ?? []
      if (same.length <= page.limit) same.push(id)
    },
    get full() {
      return (found[first]?.length ?? 0) > page.limit
    },
    result() {
      const keys = found.flatMap((ids, rank) => ids.map((id) => rank * A_RANK + id))
      const shown = keys.slice(0, page.limit)
      return {
        ids: shown.map((key) => key % A_RANK),
        next: keys.length > page.limit ? (shown.at(-1) ?? null) : null,
      }
    },
  }
}
