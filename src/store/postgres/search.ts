import type { Tier } from '../../core/tier.ts'
import type { SearchResult } from '../../delivery/archive.ts'
import { joint, searchTerms } from '../search-query.ts'
import { snippetOf } from '../search-snippet.ts'
import { searchTables } from '../search.ts'
import { number } from '../subscriber-rows.ts'
import type { Connection } from './pool.ts'
import { searchExpression } from './search-text.ts'

/** Of what matches, so much is counted and weighed, the last taken in first: no text makes more work than that. */
const MOST_ROWS = 1_000

/** The same of texts that have all words of a phrase, each of which is looked through for it. */
const MOST_LOOKED_THROUGH = 10_000

/**
 * What a brief's title says weighs as much as five mentions in it; of equals, what was taken in later. The words
 * are found first, by the index alone: no vector is read that is not weighed.
 */
export const searchStatements = (tier: Tier) => ({
  best: `
with recent as materialized (select id from find_${tier}($1::tsquery) as found (id) order by id desc limit $3),
matching as (
  select t.id, t.vector from recent r cross join lateral (
    select id, vector, folded from ${searchTables[tier]} where id = r.id offset 0) t
  where not exists (select 1 from unnest($2::text[]) as phrase (words) where strpos(t.folded, phrase.words) = 0)
  order by t.id desc limit ${MOST_ROWS})
select id from matching order by ts_rank('{0.2, 0.2, 0.2, 1}', vector, $4::tsquery, 1) desc, id desc`,
  hits: `
select s.id, s.issue, s.brief, s.title, s.words, e.date
from ${searchTables[tier]} s join published p on p.issue = s.issue and p.tier = '${tier}'
join edition e on e.hash = p.edition_hash
where s.id = any ($1)`,
})

/** `Archive.search` over each tier's own table of words. */
export async function search(
  connection: Connection,
  query: string,
  tier: Tier,
  { from, count }: { readonly from: number; readonly count: number },
): Promise<SearchResult> {
  const terms = searchTerms(query)
  if (terms.length === 0) return { total: 0, hits: [] }
  const { best, hits } = searchStatements(tier)
  const expression = searchExpression(terms)
  const most = expression.phrases.length === 0 ? MOST_ROWS : MOST_LOOKED_THROUGH
  const found = await connection.rows(best, [expression.all, expression.phrases, most, expression.any])
  const ids = found.slice(from, from + count).map((row) => number(row, 'id'))
  const rows = ids.length === 0 ? [] : await connection.rows(hits, [ids])
  return {
    total: found.length,
    hits: ids.flatMap((id) => {
      const row = rows.find((each) => each['id'] === id)
      // Another process has just replaced it.
      if (row === undefined) return []
      return {
        issue: String(row['issue']),
        brief: row['brief'] === '' ? null : String(row['brief']),
        title: String(row['title']).replaceAll(joint, ''),
        date: String(row['date']),
        snippet: snippetOf(String(row['words']), terms),
      }
    }),
  }
}
