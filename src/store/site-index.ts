import type { Tier } from '../core/tier.ts'
import type { Edition } from '../email/edition.ts'
import { searchTables } from './search.ts'
import { INDEX_VERSION, indexRows, type Indexed, type IndexRows } from './site-index-rows.ts'
import type { Database } from './sqlite.ts'

/**
 * Takes in what the site lists and searches of an issue, each tier's rows from that tier's edition; what was
 * there of it before is replaced. Part of the transaction that publishes it.
 */
export function indexIssue(
  database: Database,
  issue: string,
  editions: Readonly<Record<Tier, Indexed>>,
): void {
  database.transaction(() => {
    for (const rows of indexRows(editions)) {
      clear(database, issue, rows.tier)
      add(database, issue, rows)
    }
  })
}

const missing = `
select distinct p.issue from published p
left join site_issue i on i.issue = p.issue and i.tier = p.tier
where i.edition_hash is null or i.edition_hash <> p.edition_hash or i.index_version <> ?`

const frozen = `
select p.tier, p.edition_hash as hash, e.subject, e.page, json_extract(e.body, '$.lang') as lang,
  json_extract(e.body, '$.preheader') as preheader, json_extract(e.body, '$.sources') as sources
from published p join edition e on e.hash = p.edition_hash where p.issue = ?`

/**
 * Takes in every published issue that is not, or was by a former version; a transaction an issue, so that
 * others can write in between. Nothing to do is one small query.
 */
export function indexMissing(database: Database): void {
  for (const { issue } of database.prepare(missing).all(INDEX_VERSION)) {
    database.transaction(() => {
      const rows = database.prepare(frozen).all(String(issue))
      const of = (tier: Tier): Indexed | null => {
        const row = rows.find((each) => each['tier'] === tier)
        return row === undefined ? null : readIndexed(row)
      }
      const [open, subscriber, member] = [of('public'), of('subscriber'), of('member')]
      // `publish` writes all three or none.
      if (open === null || subscriber === null || member === null) return
      indexIssue(database, String(issue), { public: open, subscriber, member })
    })
  }
}

/** Only `save` of editions.ts writes these columns, so their shapes are ours. */
function readIndexed(row: Readonly<Record<string, unknown>>): Indexed {
  const document = row['page']
  return {
    hash: String(row['hash']),
    lang: String(row['lang']),
    subject: String(row['subject']),
    preheader: String(row['preheader']),
    sources: JSON.parse(String(row['sources'])) as Edition['sources'],
    ...(typeof document === 'string' ? { page: JSON.parse(document) as NonNullable<Edition['page']> } : {}),
  }
}

function clear(database: Database, issue: string, tier: Tier): void {
  for (const table of ['site_issue', 'site_brief', 'source_place', 'correction'])
    database.prepare(`delete from ${table} where issue = ? and tier = ?`).run(issue, tier)
  database.prepare(`delete from ${searchTables[tier]} where issue = ?`).run(issue)
}

function add(
  database: Database,
  issue: string,
  { tier, edition, briefs, corrections, places, texts }: IndexRows,
): void {
  database
    .prepare(
      'insert into site_issue (issue, tier, edition_hash, index_version, preheader, lang) values (?, ?, ?, ?, ?, ?)',
    )
    .run(issue, tier, edition.hash, INDEX_VERSION, edition.preheader, edition.lang)
  const addBrief = database.prepare(
    'insert into site_brief (issue, tier, brief, position, title, standfirst) values (?, ?, ?, ?, ?, ?)',
  )
  for (const { brief, position, title, standfirst } of briefs)
    addBrief.run(issue, tier, brief, position, title, standfirst)
  const addCorrection = database.prepare(
    'insert into correction (issue, tier, brief, number, day, words) values (?, ?, ?, ?, ?, ?)',
  )
  for (const { brief, number, day, words } of corrections)
    addCorrection.run(issue, tier, brief, number, day, words)
  const addPlace = database.prepare(
    'insert into source_place (issue, tier, source, brief, work) values (?, ?, ?, ?, ?)',
  )
  for (const { source, brief, work } of places) addPlace.run(issue, tier, source, brief, work)
  const addText = database.prepare(
    `insert into ${searchTables[tier]} (title, words, issue, brief) values (?, ?, ?, ?)`,
  )
  for (const { brief, title, words } of texts) addText.run(title, words, issue, brief)
}
