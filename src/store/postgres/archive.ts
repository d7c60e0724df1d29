import type { Archive, ArchiveHead, EditionHead } from '../../delivery/archive.ts'
import type { Edition } from '../../email/edition.ts'
import { maybeNumber, number, type Row } from '../subscriber-rows.ts'
import { openVersions } from './archive-version.ts'
import { readEdition, readHead } from './editions.ts'
import type { Postgres } from './pool.ts'
import { search } from './search.ts'
import { indexMissing } from './site-index.ts'

const head = 'p.issue, p.published_at, e.hash, e.newsletter, e.subject, e.date'

const published = `published p join edition e on e.hash = p.edition_hash`

const heads = `
select ${head}, i.preheader, i.lang,
  (select json_agg(json_build_object('id', b.brief, 'title', b.title, 'standfirst', b.standfirst)
      order by b.position) from site_brief b where b.issue = p.issue and b.tier = p.tier) as briefs
from ${published} left join site_issue i on i.issue = p.issue and i.tier = p.tier
where p.tier = $1
order by e.date desc, p.published_at desc, p.issue limit $2 offset $3`

const editionOf = `select ${head} from ${published} where p.issue = $1 and p.tier = $2`

/** Both by the beginning of a key. */
const firstOut = `
select min(f.at) as at from (
  select min(started_at) as at from round where issue = $1 and kind = 'real'
  union all select min(first_published_at) from published where issue = $1) f`

/** Text apart from the rest, so that a page reads no more of a long row than it shows. */
const page = 'select page, case when page is null then body end as body from edition where hash = $1'

const body = 'select body from edition where hash = $1'

const sourcePlaces = `
select distinct s.issue, e.subject, e.date, s.source, b.brief, b.title, b.position,
  (e.page is not null)::int as has_page
from source_place asked
join source_place s on s.work = asked.work and s.tier = asked.tier
join published p on p.issue = s.issue and p.tier = s.tier join edition e on e.hash = p.edition_hash
left join site_brief b on b.issue = s.issue and b.tier = s.tier and b.brief = s.brief
where asked.issue = $1 and asked.source = $2 and asked.tier = $3
order by e.date desc, s.issue desc, s.source desc, b.position nulls first`

/** The first of each work, with the last time at which a page that cites it was published. */
const works = `
select w.issue, w.source, w.changed_at from (
  select s.issue, s.source, max(p.published_at) over (partition by s.work) as changed_at,
    row_number() over (partition by s.work order by e.date, s.issue, s.source) as place
  from source_place s
  join published p on p.issue = s.issue and p.tier = s.tier join edition e on e.hash = p.edition_hash
  where s.tier = $1 and e.page is not null
) w where w.place = 1 order by w.issue desc, w.source`

const corrections = `
select c.issue, c.brief, b.title, c.day, c.words
from correction c join site_brief b on b.issue = c.issue and b.tier = c.tier and b.brief = c.brief
where c.tier = $1 order by c.day desc, c.issue desc, b.position, c.number desc`

/** For the test that reads their plans. */
export const archiveStatements = {
  ...{ heads, editionOf, firstOut, page, body },
  ...{ sourcePlaces, works, corrections },
} as const

/** Reads one tier's rows alone; joins name no other. What is not taken in yet is, first. */
export async function openPostgresArchive(database: Postgres): Promise<Archive> {
  await indexMissing(database)
  const versions = openVersions(database)
  return {
    version: async () => (await versions.current()).version,
    changedAt: async () => (await versions.current()).changedAt,
    async heads(tier, { from = 0, count = null } = {}) {
      return (await database.rows(heads, [tier, count, from])).map(readArchiveHead)
    },
    async editionOf(issue, tier) {
      const { editions } = await versions.current()
      const key = `${tier} ${issue}`
      const known = editions.get(key)
      if (known !== undefined) return known
      const row = await database.row(editionOf, [issue, tier])
      const found = row === undefined ? null : readEditionHead(row)
      // What is not there is looked for each time.
      if (found !== null && editions.size < MOST) editions.set(key, found)
      return found
    },
    async firstOutAt(issue) {
      return maybeNumber((await database.row(firstOut, [issue])) ?? {}, 'at')
    },
    async page(hash) {
      const row = await database.row(page, [hash])
      if (row === undefined) return null
      const document = row['page']
      if (typeof document === 'string')
        return { document: JSON.parse(document) as NonNullable<Edition['page']>, web: null }
      return { document: null, web: readEdition(row).web }
    },
    async sources(hash) {
      const row = await database.row(body, [hash])
      return row === undefined ? null : readEdition(row).sources
    },
    async sourcePlaces(issue, source, tier) {
      return (await database.rows(sourcePlaces, [issue, source, tier])).map((row) => ({
        issue: String(row['issue']),
        subject: String(row['subject']),
        date: String(row['date']),
        source: String(row['source']),
        brief: row['brief'] === null ? null : { id: String(row['brief']), title: String(row['title']) },
        hasPage: row['has_page'] === 1,
      }))
    },
    async works(tier) {
      return (await database.rows(works, [tier])).map((row) => ({
        issue: String(row['issue']),
        source: String(row['source']),
        changedAt: number(row, 'changed_at'),
      }))
    },
    async corrections(tier) {
      return (await database.rows(corrections, [tier])).map((row) => ({
        issue: String(row['issue']),
        brief: String(row['brief']),
        title: String(row['title']),
        day: String(row['day']),
        words: String(row['words']),
      }))
    },
    search: (query, tier, range) => search(database, query, tier, range),
  }
}

/** Issues of which is remembered what they show. */
const MOST = 3_000

function readEditionHead(row: Row): EditionHead {
  return { hash: String(row['hash']), ...readHead(row) }
}

function readArchiveHead(row: Row): ArchiveHead {
  return {
    ...readEditionHead(row),
    preheader: String(row['preheader'] ?? ''),
    lang: String(row['lang'] ?? ''),
    briefs: JSON.parse(String(row['briefs'] ?? '[]')) as ArchiveHead['briefs'],
  }
}
