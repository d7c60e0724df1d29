import { openSearchPage } from '../../subscribers/search-page.ts'
import { searchWords } from '../../subscribers/search-words.ts'
import type { PeoplePage, SubscriberSearch } from '../../subscribers/store.ts'
import type { Subscriber } from '../../subscribers/subscriber.ts'
import { number, readSubscriber, text } from '../subscriber-rows.ts'
import type { Connection } from './pool.ts'
import { condition } from './subscriber-list.ts'
import { selectSubscriber } from './subscriber-rows.ts'

/** People looked at in one statement: some 20 ms of one core of the server. */
const SLICE = 25_000

/** `SubscriberStore.search`, as on SQLite: a scan from the newest on that ends with a page of the best. */
export async function searchSubscribers(
  connection: Connection,
  query: SubscriberSearch,
  page: PeoplePage,
): Promise<{ readonly people: readonly Subscriber[]; readonly next: number | null }> {
  const words = searchWords(query.text ?? '')
  const slice = `
    select s.id, s.address_key, s.name from subscriber s
    left join suppression x on x.address_hash = s.address_hash
    where s.id > $1 and s.id <= $4 and ${condition(query.state ?? null)} and ${MAY_MATCH}
    order by s.id desc`
  const wanted = [query.tier ?? null, query.newsletter ?? null] as const
  const spelled = [words.map(({ lower }) => lower), words.map(({ plain }) => plain)] as const
  const newest = await connection.row('select coalesce(max(id), 0) as id from subscriber')
  const found = openSearchPage(words, page)
  let to = Math.min(number(newest ?? {}, 'id'), found.below - 1)
  for (; to > 0 && !found.full; to -= SLICE) {
    if (page.signal?.aborted === true) break
    for (const row of await connection.rows(slice, [to - SLICE, ...wanted, to, ...spelled]))
      found.take(number(row, 'id'), { addressKey: text(row, 'address_key') ?? '', name: text(row, 'name') })
  }
  const { ids, next } = found.result()
  const rows = await connection.rows(
    `${selectSubscriber} where s.id = any ($1) order by array_position($1, s.id)`,
    [ids],
  )
  return { people: rows.map(readSubscriber), next }
}

/** Lets everybody through who matches every word, and few others: a name that is not ASCII may be spelled in many ways. */
const MAY_MATCH = `not exists (
  select 1 from unnest($5::text[], $6::text[]) as w (lower, plain)
  where not (position(w.lower in coalesce(s.address_key, '')) > 0
    or position(w.plain in coalesce(s.address_key, '')) > 0
    or position(w.plain in lower(coalesce(s.name, ''))) > 0
    or s.name ~ '[^\\x01-\\x7e]'))`
