import { tiers, type Tier } from '../../core/tier.ts'
import type { Edition } from '../../email/edition.ts'
import { searchTables } from '../search.ts'
import { INDEX_VERSION, indexRows, type Indexed } from '../site-index-rows.ts'
import type { Row } from '../subscriber-rows.ts'
import type { Connection, Postgres } from './pool.ts'
import { searchColumns } from './search-text.ts'
import { json } from './values.ts'

const frozen = `
select p.tier, p.edition_hash as hash, e.subject, e.page, e.body
from published p join edition e on e.hash = p.edition_hash where p.issue = $1`

const clear = [
  ...['site_issue', 'site_brief', 'source_place', 'correction'],
  ...Object.values(searchTables),
].map((table) => `delete from ${table} where issue = $1`)

/** $1: the issue, $2: rows as JSON. */
const add = {
  issues: `
insert into site_issue (issue, tier, edition_hash, index_version, preheader, lang)
select $1, t.tier, t.hash, ${INDEX_VERSION}, t.preheader, t.lang
from json_to_recordset($2) as t (tier text, hash text, preheader text, lang text)`,
  briefs: `
insert into site_brief (issue, tier, brief, position, title, standfirst)
select $1, t.tier, t.brief, t.position, t.title, t.standfirst
from json_to_recordset($2) as t (tier text, brief text, position integer, title text, standfirst text)`,
  corrections: `
insert into correction (issue, tier, brief, number, day, words)
select $1, t.tier, t.brief, t.number, t.day, t.words
from json_to_recordset($2) as t (tier text, brief text, number integer, day text, words text)`,
  places: `
insert into source_place (issue, tier, source, brief, work)
select $1, t.tier, t.source, t.brief, t.work
from json_to_recordset($2) as t (tier text, source text, brief text, work text)`,
  texts: (tier: Tier) => `
insert into ${searchTables[tier]} (issue, brief, title, words, folded, vector)
select $1, t.brief, t.title, t.words, t.folded, t.vector::tsvector
from json_to_recordset($2) as t (brief text, title text, words text, folded text, vector text)`,
}

/**
 * Takes in what the site lists and searches of an issue, as it is published now: each tier's rows from that tier's
 * edition, in place of what was there of it. Part of the transaction that publishes it, after it has.
 */
export async function indexPublished(connection: Connection, issue: string): Promise<void> {
  const editions = readEditions(await connection.rows(frozen, [issue]))
  if (editions === null) return
  for (const statement of clear) await connection.run(statement, [issue])
  const rows = indexRows(editions)
  /** Each with its tier. */
  const all = <T>(of: (each: (typeof rows)[number]) => readonly T[]): string =>
    json(rows.flatMap((each) => of(each).map((row) => ({ ...row, tier: each.tier }))))
  await connection.run(add.issues, [
    issue,
    all(({ edition: { hash, preheader, lang } }) => [{ hash, preheader, lang }]),
  ])
  await connection.run(add.briefs, [issue, all(({ briefs }) => briefs)])
  await connection.run(add.corrections, [issue, all(({ corrections }) => corrections)])
  await connection.run(add.places, [issue, all(({ places }) => places)])
  for (const { tier, texts } of rows) {
    const columns = texts.map((each) => ({ ...each, ...searchColumns(each.title, each.words) }))
    await connection.run(add.texts(tier), [issue, json(columns)])
  }
}

const missing = `
select distinct p.issue from published p
left join site_issue i on i.issue = p.issue and i.tier = p.tier
where i.edition_hash is null or i.edition_hash <> p.edition_hash or i.index_version <> $1`

/** Another process may publish it at this moment, or take it in too. */
const lock = 'select tier from published where issue = $1 order by tier for update'

/**
 * Takes in every published issue that is not, or was by a former version; a transaction an issue. Nothing to do is
 * one small query.
 */
export async function indexMissing(database: Postgres): Promise<void> {
  for (const { issue } of await database.rows(missing, [INDEX_VERSION]))
    await database.transaction(async (connection) => {
      await connection.rows(lock, [String(issue)])
      await indexPublished(connection, String(issue))
    })
}

/** Null: not all three are there. `publish` writes all or none. */
function readEditions(rows: readonly Row[]): Readonly<Record<Tier, Indexed>> | null {
  const of = new Map(rows.map((row) => [row['tier'], readIndexed(row)]))
  const [open, subscriber, member] = tiers.map((tier) => of.get(tier))
  if (open === undefined || subscriber === undefined || member === undefined) return null
  return { public: open, subscriber, member }
}

/** Only `save` of editions.ts writes these columns, so their shapes are ours. */
function readIndexed(row: Row): Indexed {
  const { lang, preheader, sources } = JSON.parse(String(row['body'])) as Edition
  const document = row['page']
  return {
    ...{ hash: String(row['hash']), subject: String(row['subject']), lang, preheader, sources },
    ...(typeof document === 'string' ? { page: JSON.parse(document) as NonNullable<Edition['page']> } : {}),
  }
}
