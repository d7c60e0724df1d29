import { createHash } from 'node:crypto'
import { tiers, type Tier } from '../core/tier.ts'
import type { Edition } from '../email/edition.ts'
import { canonicalUrl } from '../sources/url.ts'
import { wordsApart } from './search-query.ts'
import { searchTables } from './search.ts'
import type { Database } from './sqlite.ts'

/** What of an edition is taken in. */
export type Indexed = Pick<Edition, 'hash' | 'lang' | 'subject' | 'preheader' | 'sources' | 'page'>

/** Raised when rows come to be made in another way: then every issue is taken in again. */
const INDEX_VERSION = 1

/**
 * Takes in what the site lists and searches of an issue, each tier's rows from that tier's edition; what was
 * there of it before is replaced. Part of the transaction that publishes it.
 */
export function indexIssue(
  database: Database,
  issue: string,
  editions: Readonly<Record<Tier, Indexed>>,
): void {
  const urls = new Map(editions.member.sources.sources.map(({ id, url }) => [id, url]))
  database.transaction(() => {
    for (const tier of tiers) {
      clear(database, issue, tier)
      addIssue(database, issue, tier, editions[tier])
      addBriefs(database, issue, tier, editions[tier])
      addPlaces(database, issue, tier, editions[tier], urls)
      addWords(database, issue, tier, editions[tier])
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

function addIssue(database: Database, issue: string, tier: Tier, edition: Indexed): void {
  database
    .prepare(
      'insert into site_issue (issue, tier, edition_hash, index_version, preheader, lang) values (?, ?, ?, ?, ?, ?)',
    )
    .run(issue, tier, edition.hash, INDEX_VERSION, edition.preheader, edition.lang)
}

function addBriefs(database: Database, issue: string, tier: Tier, { page }: Indexed): void {
  const brief = database.prepare(
    'insert into site_brief (issue, tier, brief, position, title, standfirst) values (?, ?, ?, ?, ?, ?)',
  )
  const correction = database.prepare(
    'insert into correction (issue, tier, brief, number, day, words) values (?, ?, ?, ?, ?, ?)',
  )
  for (const [position, { id, title, standfirst, corrections }] of (page?.briefs ?? []).entries()) {
    brief.run(issue, tier, id, position, title, standfirst)
    for (const [number, { date, text }] of corrections.entries())
      correction.run(issue, tier, id, number, date, text)
  }
}

/** Where a source is cited in what the tier reads: its claims name the opening note too, its page every mark. */
function addPlaces(
  database: Database,
  issue: string,
  tier: Tier,
  { sources, page }: Indexed,
  urls: ReadonlyMap<string, string | null>,
): void {
  const add = database.prepare(
    'insert into source_place (issue, tier, source, brief, work) values (?, ?, ?, ?, ?)',
  )
  const cited = new Map<number, Set<string>>()
  const cite = (number: number, brief: string): void => {
    cited.set(number, (cited.get(number) ?? new Set()).add(brief))
  }
  for (const { brief, citations } of sources.claims ?? [])
    for (const { source } of citations) cite(source, brief ?? '')
  for (const { id, cites } of page?.briefs ?? []) for (const number of cites) cite(number, id)
  for (const source of sources.sources) {
    const briefs = source.number === null ? undefined : cited.get(source.number)
    const work = workOf(source, urls.get(source.id) ?? null)
    for (const brief of briefs ?? ['']) add.run(issue, tier, source.id, brief, work)
  }
}

/**
 * The same for the same work in all issues: by its address, so that another wording of its title does not
 * matter. Of a source that only text withheld from the tier cites, the address plays no part, or that two
 * entries are one page would tell where the withheld one leads; then it is what the tier sees of it.
 */
function workOf(source: Edition['sources']['sources'][number], url: string | null): string {
  const address = source.locked === 'section' || url === null ? null : canonicalUrl(url)
  const { publisher, title, published } = source
  const key = address ?? JSON.stringify([publisher, title, published].map((text) => text.toLowerCase()))
  return createHash('sha256').update(key).digest('hex').slice(0, 32)
}

/** A row a brief, with the sources that it cites, and one of the issue: subject, preheader and opening note. */
function addWords(database: Database, issue: string, tier: Tier, edition: Indexed): void {
  const add = database.prepare(
    `insert into ${searchTables[tier]} (title, words, issue, brief) values (?, ?, ?, ?)`,
  )
  const { page, subject, preheader } = edition
  add.run(searchable([subject]), searchable([preheader, wordsOf(page?.noteHtml ?? '')]), issue, '')
  for (const brief of page?.briefs ?? []) {
    const corrections = brief.corrections.map(({ text }) => text)
    const cited = (page?.sources ?? [])
      .filter(({ number }) => number !== null && brief.cites.includes(number))
      .map(({ publisher, title }) => `${publisher}: ${title}`)
    const words = [brief.standfirst, brief.words, ...corrections, ...cited]
    add.run(searchable([brief.title]), searchable(words), issue, brief.id)
  }
}

/** On one line; control characters are left for the marks around what was found. */
function searchable(parts: readonly string[]): string {
  return parts
    .map((part) =>
      wordsApart(part)
        .replace(/[\s\p{Cc}]+/gu, ' ')
        .trim(),
    )
    .filter((part) => part !== '')
    .join(' · ')
}

/** The words of our own markup. */
function wordsOf(html: string): string {
  return html
    .replace(/<[^>]*>/g, ' ')
    .replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => entities[name] ?? ' ')
}

/** Those that `escapeHtml` of src/render/escape.ts writes. */
const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }
