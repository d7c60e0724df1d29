import type { SQLOutputValue } from 'node:sqlite'
import type { Tier } from '../core/tier.ts'
import type { Archive, ArchiveHead, EditionHead } from '../delivery/archive.ts'
import type { Edition } from '../email/edition.ts'
import {
  cut,
  issuesIn,
  keepNothing,
  keptEdition,
  keptList,
  worksOf,
  type Kept,
  type Listed,
} from './archive-kept.ts'
import { search } from './search.ts'
import { indexMissing } from './site-index.ts'
import type { Database } from './sqlite.ts'

type Row = Record<string, SQLOutputValue>

const head = 'p.issue, p.published_at, e.hash, e.newsletter, e.subject, e.date'

const published = `published p join edition e on e.hash = p.edition_hash`

const latestFirst = 'order by e.date desc, p.published_at desc, p.issue'

/** Of all issues what they are listed by alone. */
const listed = `
select p.issue, p.published_at, e.newsletter, e.date
from ${published} where p.tier = ? ${latestFirst}`

const heads = `
select ${head}, i.preheader, i.lang,
  (select json_group_array(json_object('id', b.brief, 'title', b.title, 'standfirst', b.standfirst)
      order by b.position) from site_brief b where b.issue = p.issue and b.tier = p.tier) as briefs
from ${published} left join site_issue i on i.issue = p.issue and i.tier = p.tier
where p.tier = ? and p.issue in (select value from json_each(?)) ${latestFirst}`

const editionOf = `select ${head} from ${published} where p.issue = ? and p.tier = ?`

/** Both by the beginning of a key. */
const firstOut = `
select min(at) as at from (
  select min(started_at) as at from round where issue = ?1 and kind = 'real'
  union all select min(first_published_at) from published where issue = ?1)`

/** Text apart from the rest, so that a page reads no more of a long row than it shows. */
const page = `
select page, case when page is null then json_extract(body, '$.web') end as web from edition where hash = ?`

const sources = "select json_extract(body, '$.sources') as sources from edition where hash = ?"

const sourcePlaces = `
select distinct s.issue, e.subject, e.date, s.source, b.brief, b.title, b.position,
  e.page is not null as has_page
from source_place asked
join source_place s on s.work = asked.work and s.tier = asked.tier
join published p on p.issue = s.issue and p.tier = s.tier join edition e on e.hash = p.edition_hash
left join site_brief b on b.issue = s.issue and b.tier = s.tier and b.brief = s.brief
where asked.issue = ? and asked.source = ? and asked.tier = ?
order by e.date desc, s.issue desc, s.source desc, b.position`

const works = `
select distinct issue, source, work from source_place
where tier = ?1 and issue in (
  select p.issue from ${published}
  where p.tier = ?1 and p.issue in (select value from json_each(?2)) and e.page is not null)
order by issue, source`

const corrections = `
select c.issue, c.brief, b.title, c.day, c.words
from correction c join site_brief b on b.issue = c.issue and b.tier = c.tier and b.brief = c.brief
where c.tier = ? order by c.day desc, c.issue desc, b.position, c.number desc`

/** Reads one tier's rows alone; joins and JSON paths name no other. What is not taken in yet is, first. */
export function openArchive(database: Database): Archive {
  indexMissing(database)
  const versions = openVersions(database)
  const listedTo = (tier: Tier): Promise<readonly Listed[]> =>
    keptList(versions.current().kept.listed, tier, () => database.prepare(listed).all(tier).map(readListed))
  return {
    version: async () => versions.current().version,
    async changedAt() {
      const at = database.prepare('select max(published_at) as at from published').get()?.['at'] ?? null
      return at === null ? null : Number(at)
    },
    async heads(tier, range = {}) {
      const issues = issuesIn(await listedTo(tier), range)
      return issues.length === 0
        ? []
        : database.prepare(heads).all(tier, JSON.stringify(issues)).map(readArchiveHead)
    },
    editionOf: async (issue, tier) =>
      keptEdition(versions.current().kept, `${tier} ${issue}`, () => {
        const row = database.prepare(editionOf).get(issue, tier)
        return row === undefined ? null : readHead(row)
      }),
    async firstOutAt(issue) {
      const at = database.prepare(firstOut).get(issue)?.['at']
      return typeof at === 'number' ? at : null
    },
    async page(hash) {
      const row = database.prepare(page).get(hash)
      if (row === undefined) return null
      // Only `save` of editions.ts writes these columns, so their shapes are ours.
      const document =
        typeof row['page'] === 'string' ? (JSON.parse(row['page']) as NonNullable<Edition['page']>) : null
      return { document, web: document === null ? String(row['web']) : null }
    },
    async sources(hash) {
      const row = database.prepare(sources).get(hash)
      return row === undefined ? null : (JSON.parse(String(row['sources'])) as Edition['sources'])
    },
    sourcePlaces: async (issue, source, tier) =>
      database
        .prepare(sourcePlaces)
        .all(issue, source, tier)
        .map((row) => ({
          issue: String(row['issue']),
          subject: String(row['subject']),
          date: String(row['date']),
          source: String(row['source']),
          brief: row['brief'] === null ? null : { id: String(row['brief']), title: String(row['title']) },
          hasPage: row['has_page'] === 1,
        })),
    works: async (tier) =>
      worksOf(await listedTo(tier), (issues) =>
        database
          .prepare(works)
          .all(tier, JSON.stringify(issues))
          .map((row) => ({
            issue: String(row['issue']),
            source: String(row['source']),
            work: String(row['work']),
          })),
      ),
    async corrections(tier, range = {}) {
      const read = () =>
        database
          .prepare(corrections)
          .all(tier)
          .map((row) => ({
            issue: String(row['issue']),
            brief: String(row['brief']),
            title: String(row['title']),
            day: String(row['day']),
            words: String(row['words']),
          }))
      return cut(await keptList(versions.current().kept.corrections, tier, read), range)
    },
    search: async (query, tier, range) => search(database, query, tier, range),
  }
}

/** For so long another process's publishing may go unseen, in milliseconds; this one's is seen at once. */
const HELD_MS = 50

/** The archive at one moment, and what was read of it since. */
interface ArchiveVersion {
  readonly version: number
  readonly kept: Kept
}

/** Which version of the archive is shown. */
function openVersions(database: Database): { current(): ArchiveVersion } {
  let seen: ArchiveVersion | null = null
  let at = -Infinity
  let commits = -1
  return {
    current() {
      const now = performance.now()
      if (seen !== null && commits === database.commits && now - at < HELD_MS) return seen
      commits = database.commits
      at = now
      const version = Number(database.prepare('select version from site_version').get()?.['version'])
      if (seen?.version !== version) seen = { version, kept: keepNothing() }
      return seen
    },
  }
}

function readListed(row: Row): Listed {
  return {
    issue: String(row['issue']),
    newsletter: String(row['newsletter']),
    date: String(row['date']),
    publishedAt: Number(row['published_at']),
  }
}

function readHead(row: Row): EditionHead {
  return {
    hash: String(row['hash']),
    issue: String(row['issue']),
    newsletter: String(row['newsletter']),
    subject: String(row['subject']),
    date: String(row['date']),
    publishedAt: Number(row['published_at']),
  }
}

function readArchiveHead(row: Row): ArchiveHead {
  return {
    ...readHead(row),
    preheader: String(row['preheader'] ?? ''),
    lang: String(row['lang'] ?? ''),
    briefs: JSON.parse(String(row['briefs'])) as ArchiveHead['briefs'],
  }
}
