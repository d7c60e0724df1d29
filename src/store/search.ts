import type { SQLInputValue } from 'node:sqlite'
import type { Tier } from '../core/tier.ts'
import type { SearchResult } from '../delivery/archive.ts'
import { joint, matchExpression } from './search-query.ts'
import type { Database } from './sqlite.ts'

/** What each tier reads is in a table of its own: what others read is not even counted in the order. */
export const searchTables: Readonly<Record<Tier, string>> = {
  public: 'search_public',
  subscriber: 'search_subscriber',
  member: 'search_member',
}

/** Around what was found in a snippet: no text in the tables holds a control character. */
const [FOUND, END] = ['\u0002', '\u0003']

/** What a brief's title says weighs as much as five mentions in it; of equals, the later issue. */
const statements = (table: string) => ({
  count: `select count(*) as total from ${table} s where ${table} match ?`,
  hits: `
select s.issue, s.brief, s.title, e.date,
  snippet(${table}, 1, '${FOUND}', '${END}', '…', 32) as snippet
from ${table} s join published p on p.issue = s.issue and p.tier = ? join edition e on e.hash = p.edition_hash
where ${table} match ?
order by bm25(${table}, 5.0, 1.0), e.date desc, s.rowid limit ? offset ?`,
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
  const { count: countHits, hits: findHits } = statements(searchTables[tier])
  const range: SQLInputValue[] = [count, from]
  return {
    total: Number(database.prepare(countHits).get(expression)?.['total']),
    hits: database
      .prepare(findHits)
      .all(tier, expression, ...range)
      .map((row) => ({
        issue: String(row['issue']),
        brief: row['brief'] === '' ? null : String(row['brief']),
        title: String(row['title']).replaceAll(joint, ''),
        date: String(row['date']),
        snippet: pieces(String(row['snippet'])),
      })),
  }
}

/** Cut at the marks: text, found, text, found, text … */
function pieces(snippet: string): string[] {
  return snippet.replaceAll(joint, '').split(new RegExp(`[${FOUND}${END}]`, 'u'))
}
