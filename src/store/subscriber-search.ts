import { setImmediate } from 'node:timers/promises'
import { openSearchPage } from '../subscribers/search-page.ts'
import { searchWords, type SearchWord } from '../subscribers/search-words.ts'
import type { PeoplePage, SubscriberSearch } from '../subscribers/store.ts'
import type { Subscriber } from '../subscribers/subscriber.ts'
import { condition } from './subscriber-list.ts'
import { number, readSubscriber, selectSubscriber, text } from './subscriber-rows.ts'
import type { Database } from './sqlite.ts'

/** People looked at before others get their turn: some 15 ms of one core. */
const SLICE = 25_000

/**
 * `SubscriberStore.search`, as a scan from the newest on that ends with a page of the best: where nobody matches, or
 * few do well, a million people take about half a second. An index of parts of words would cost each import more than that, and hold
 * people's names in one more place.
 */
export async function searchSubscribers(
  database: Database,
  query: SubscriberSearch,
  page: PeoplePage,
): Promise<{ readonly people: readonly Subscriber[]; readonly next: number | null }> {
  const { newsletter = null, tier = null, state = null } = query
  const words = searchWords(query.text ?? '')
  const slice = database.prepare(`
    select s.id, s.address_key, s.name from subscriber s
    left join suppression x on x.address_hash = s.address_hash
    where s.id > :from and s.id <= :to and (:tier is null or s.tier = :tier)
      and ${condition(state)}${words.map((_, index) => ` and ${mayMatch(index)}`).join('')}
    order by s.id desc`)
  const wanted = { tier, newsletter, ...parameters(words) }
  const found = openSearchPage(words, page)
  const { id: newest = 0 } = database.prepare('select max(id) as id from subscriber').get() ?? {}
  let to = Math.min(Number(newest), found.below - 1)
  for (; to > 0 && !found.full; to -= SLICE) {
    if (page.signal?.aborted === true) break
    for (const row of slice.iterate({ ...wanted, from: to - SLICE, to })) {
      found.take(number(row, 'id'), { addressKey: text(row, 'address_key') ?? '', name: text(row, 'name') })
      if (found.full) break
    }
    await setImmediate()
  }
  const byId = database.prepare(`${selectSubscriber} where s.id = ?`)
  const { ids, next } = found.result()
  return {
    people: ids.flatMap((id) => {
      const row = byId.get(id)
      return row === undefined ? [] : [readSubscriber(row)]
    }),
    next,
  }
}

/** Lets everybody through who matches one word, and few others. */
function mayMatch(index: number): string {
  return `(instr(s.address_key, :lower${index}) > 0 or instr(s.address_key, :plain${index}) > 0
    or s.name glob :glob${index} or s.name glob '*[\u0300-\u036f]*')`
}

function parameters(words: readonly SearchWord[]): Record<string, string> {
  return Object.fromEntries(
    words.flatMap(({ lower, plain }, index) => [
      [`lower${index}`, lower],
      [`plain${index}`, plain],
      [`glob${index}`, globOf(plain)],
    ]),
  )
}

/**
 * Of each letter, itself in both cases or any that is not ASCII, for those may be it with an accent; two that may
 * be one joined letter, and what is not ASCII itself, match anything.
 */
function globOf(plain: string): string {
  const parts = plain.match(/ss|ae|oe|[\s\S]/g) ?? []
  const pattern = parts.map((part) => {
    if (part.length > 1 || part > '~') return '*'
    return /[a-z0-9]/.test(part) ? `[${part}${part.toUpperCase()}\u0080-\u{10ffff}]` : '?'
  })
  return `*${pattern.join('')}*`
}
