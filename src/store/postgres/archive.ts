import type { Tier } from '../../core/tier.ts'
import type { Archive, ArchiveHead, EditionHead } from '../../delivery/archive.ts'
import type { Edition } from '../../email/edition.ts'
import { cut, issuesIn, keptEdition, keptList, worksOf, type Listed } from '../archive-kept.ts'
import { maybeNumber, number, type Row } from '../subscriber-rows.ts'
import { openVersions } from './archive-version.ts'
import { readEdition, readHead } from './editions.ts'
import type { Postgres } from './pool.ts'
import { search } from './search.ts'
import { indexMissing } from './site-index.ts'

const head = 'p.issue, p.published_at, e.hash, e.newsletter, e.subject, e.date'

const published = `published p join edition e on e.hash = p.edition_hash`

const latestFirst = 'order by e.date desc, p.published_at desc, p.issue'

/** Of all issues what they are listed by alone. */
const listed = `
select p.issue, p.published_at, e.newsletter, e.date
from ${published} where p.tier = $1 ${latestFirst}`

const heads = `
select ${head}, i.preheader, i.lang,
  (select json_agg(json_build_object('id', b.brief, 'title', b.title, 'standfirst', b.standfirst)
      order by b.position) from site_brief b where b.issue = p.issue and b.tier = p.tier) as briefs
from ${published} left join site_issue i on i.issue = p.issue and i.tier = p.tier
where p.tier = $1 and p.issue = any ($2::text[]) ${latestFirst}`

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

const works = `
select distinct s.issue, s.source, s.work
from ${published} join source_place s on s.issue = p.issue and s.tier = p.tier
where p.tier = $1 and p.issue = any ($2::text[]) and e.page is not null order by s.issue, s.source`

const corrections = `
select c.issue, c.brief, b.title, c.day, c.words
from correction c join site_brief b on b.issue = c.issue and b.tier = c.tier and b.brief = c.brief
where c.tier = $1 order by c.day desc, c.issue desc, b.position, c.number desc`

/** For the test that reads their plans. */
export const archiveStatements = {
  ...{ listed, heads, editionOf, firstOut, page, body },
  ...{ sourcePlaces, works, corrections },
} as const

/** Reads one tier's rows alone; joins name no other. What is not taken in yet is, first. */
export async function openPostgresArchive(database: Postgres): Promise<Archive> {
  await indexMissing(database)
  const versions = openVersions(database)
  const listedTo = async (tier: Tier): Promise<readonly Listed[]> =>
    keptList((await versions.current()).kept.listed, tier, async () =>
      (await database.rows(listed, [tier])).map(readListed),
    )
  return {
    version: async () => (await versions.current()).version,
    changedAt: async () => (await versions.current()).changedAt,
    async heads(tier, range = {}) {
      const issues = issuesIn(await listedTo(tier), range)
      return issues.length === 0 ? [] : (await database.rows(heads, [tier, issues])).map(readArchiveHead)
    },
    async editionOf(issue, tier) {
      const { kept } = await versions.current()
      return keptEdition(kept, `${tier} ${issue}`, async () => {
        const row = await database.row(editionOf, [issue, tier])
        return row === undefined ? null : readEditionHead(row)
      })
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
      return worksOf(await listedTo(tier), async (issues) =>
        (await database.rows(works, [tier, issues])).map((row) => ({
          issue: String(row['issue']),
          source: String(row['source']),
          work: String(row['work']),
        })),
      )
    },
    async corrections(tier, range = {}) {
      const read = async () =>
        (await database.rows(corrections, [tier])).map((row) => ({
          issue: String(row['issue']),
          brief: String(row['brief']),
          title: String(row['title']),
          day: String(row['day']),
          words: String(row['words']),
        }))
      return cut(await keptList((await versions.current()).kept.corrections, tier, read), range)
    },
    search: (query, tier, range) => search(database, query, tier, range),
  }
}

function readListed(row: Row): Listed {
  return {
    issue: String(row['issue']),
    newsletter: String(row['newsletter']),
    date: String(row['date']),
    publishedAt: number(row, 'published_at'),
  }
}

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
