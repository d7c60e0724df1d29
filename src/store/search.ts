import type { Tier } from '../core/tier.ts'
import type { SearchResult } from '../delivery/archive.ts'
import { joint, matchExpression, searchTerms } from './search-query.ts'
import { snippetOf } from './search-snippet.ts'
import type { Database } from './sqlite.ts'

/** What each tier reads is in a table of its own: what others read is not even counted in the order. */
export const searchTables: Readonly<Record<Tier, string>> = {
  public: 'search_public',
  subscriber: 'search_subscriber',
  member: 'search_member',
}

/** Of what matches, so much is counted and weighed, the last taken in first: no text makes more work than that. */
const MOST_ROWS = 1_000

/**
 * What a brief's title says weighs as much as five mentions in it; of equals, what was taken in later. Only what
 * is shown is read.
 */
const statements = (table: string) => ({
  best: `
select rowid as id from (
  select rowid, bm25(${table}, 5.0, 1.0) as weight from ${table} where ${table} match ?
  order by rowid desc limit ${MOST_ROWS}
) order by weight, rowid desc`,
  hit: `
select s.issue, s.brief, s.title, s.words, e.date
from ${table} s cross join published p on p.issue = s.issue and p.tier = ? cross join edition e on e.hash = p.edition_hash
where s.rowid = cast(? as integer)`,
})

/** `Archive.search` in SQLite's FTS5. */
export function search(
  database: Database,
  query: string,
  tier: Tier,
  { from, count }: { readonly from: number; readonly count: number },
): SearchResult {
  const expression = matchExpression(query)
  if (expression === null) return { total: 0, hits: [] }
  const { best, hit } = statements(searchTables[tier])
  const terms = searchTerms(query)
  const found = database.prepare(best).all(expression)
  return {
    total: found.length,
    hits: found
      .slice(from, from + count)
      .flatMap(({ id = null }) => database.prepare(hit).all(tier, id))
      .map((row) => ({
        issue: String(row['issue']),
        brief: row['brief'] === '' ? null : String(row['brief']),
        title: String(row['title']).replaceAll(joint, ''),
        date: String(row['date']),
        snippet: snippetOf(String(row['words']), terms),
      })),
  }
}
