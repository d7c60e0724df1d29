import type { SQLOutputValue } from 'node:sqlite'
import type { Archive, ArchiveHead, EditionHead } from '../delivery/archive.ts'
import type { Edition } from '../email/edition.ts'
import type { Database } from './sqlite.ts'

type Row = Record<string, SQLOutputValue>

const head = 'p.issue, p.published_at, e.hash, e.newsletter, e.subject, e.date'

const heads = `
select ${head}, json_extract(e.body, '$.preheader') as preheader, json_extract(e.body, '$.lang') as lang,
  (select json_group_array(json_object('id', b.value ->> 'id', 'title', b.value ->> 'title',
      'standfirst', b.value ->> 'standfirst')) from json_each(e.page, '$.briefs') b) as briefs
from published p join edition e on e.hash = p.edition_hash
where p.tier = ?
order by e.date desc, p.published_at desc, p.issue`

const editionOf = `
select ${head} from published p join edition e on e.hash = p.edition_hash where p.issue = ? and p.tier = ?`

const version = 'select count(*) as count, coalesce(max(published_at), 0) as latest from published'

/** Reads one tier's rows alone; joins and JSON paths name no other. */
export function openArchive(database: Database): Archive {
  return {
    version() {
      const row = database.prepare(version).get()
      return Number(row?.['latest']) + Number(row?.['count'])
    },
    heads: (tier) => database.prepare(heads).all(tier).map(readArchiveHead),
    editionOf(issue, tier) {
      const row = database.prepare(editionOf).get(issue, tier)
      return row === undefined ? null : readHead(row)
    },
    page(hash) {
      const row = database
        .prepare("select page, json_extract(body, '$.web') as web from edition where hash = ?")
        .get(hash)
      if (row === undefined) return null
      // Only `save` of editions.ts writes these columns, so their shapes are ours.
      const document =
        typeof row['page'] === 'string' ? (JSON.parse(row['page']) as NonNullable<Edition['page']>) : null
      return { document, web: String(row['web']) }
    },
    sources(issue, tier) {
      const row = database
        .prepare(
          `select json_extract(e.body, '$.sources') as sources
           from published p join edition e on e.hash = p.edition_hash where p.issue = ? and p.tier = ?`,
        )
        .get(issue, tier)
      return row === undefined ? null : (JSON.parse(String(row['sources'])) as Edition['sources'])
    },
    sourcePlaces: () => [],
    corrections: () => [],
    search: () => ({ total: 0, hits: [] }),
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
    preheader: String(row['preheader']),
    lang: String(row['lang']),
    briefs: JSON.parse(String(row['briefs'] ?? '[]')) as ArchiveHead['briefs'],
  }
}
