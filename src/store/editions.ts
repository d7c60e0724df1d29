import type { SQLOutputValue } from 'node:sqlite'
import type { EditionStore, PublishedHead } from '../delivery/editions.ts'
import { tiers, type Tier } from '../core/tier.ts'
import type { Edition } from '../email/edition.ts'
import { indexIssue, indexMissing } from './site-index.ts'
import type { Database } from './sqlite.ts'

type Row = Record<string, SQLOutputValue>

/** One that a former version froze without a page document is given its own; nothing else of it changes. */
const insertEdition = `
insert into edition (hash, issue, newsletter, tier, subject, date, body, page, created_at)
values (?, ?, ?, ?, ?, ?, ?, ?, ?)
on conflict (hash) do update set page = excluded.page where edition.page is null and excluded.page is not null`

const editionByHash = 'select body from edition where hash = ?'

/** What is on the site has changed with it. */
const pageGiven = 'update published set published_at = ?2 where edition_hash = ?1'

/** Publishing the same edition again keeps the time at which it went on the site. */
const publishEdition = `
insert into published (issue, tier, edition_hash, published_at, first_published_at) values (?1, ?2, ?3, ?4, ?4)
on conflict (issue, tier) do update set edition_hash = excluded.edition_hash, published_at = excluded.published_at
  where edition_hash <> excluded.edition_hash`

const publishedHeads = `
select p.issue, e.newsletter, e.subject, e.date, p.published_at
from published p join edition e on e.hash = p.edition_hash
where p.tier = 'public'
order by e.date desc, p.published_at desc, p.issue`

const publishedEditions = `
select p.issue, p.tier, p.published_at, e.newsletter, e.subject, e.date, e.body
from published p join edition e on e.hash = p.edition_hash
where p.issue = ?`

/** Frozen editions in SQLite: written once, by their hash. */
export function openEditions(database: Database): EditionStore {
  const save = (edition: Edition): void => {
    const { page = null, ...body } = edition
    const { hash, issue, newsletter, tier, subject, date } = edition
    const document = page === null ? null : JSON.stringify(page)
    const now = database.clock.now()
    const { changes } = database
      .prepare(insertEdition)
      .run(hash, issue, newsletter, tier, subject, date, JSON.stringify(body), document, now)
    if (changes > 0) database.prepare(pageGiven).run(hash, now)
  }
  return {
    async save(edition) {
      save(edition)
    },

    async get(hash) {
      const row = database.prepare(editionByHash).get(hash)
      return row === undefined ? null : readEdition(row)
    },

    async publish(editions) {
      database.transaction(() => {
        const now = database.clock.now()
        for (const edition of Object.values(editions)) {
          save(edition)
          database.prepare(publishEdition).run(edition.issue, edition.tier, edition.hash, now)
        }
        indexIssue(database, editions.public.issue, editions)
      })
    },

    async published(issue) {
      const rows = database.prepare(publishedEditions).all(issue)
      const of = (tier: string): Row | undefined => rows.find((row) => row['tier'] === tier)
      const open = of('public')
      const subscriber = of('subscriber')
      const member = of('member')
      if (open === undefined || subscriber === undefined || member === undefined) return null
      return {
        ...readHead(open),
        editions: {
          public: readEdition(open),
          subscriber: readEdition(subscriber),
          member: readEdition(member),
        },
      }
    },

    async listPublished() {
      return database.prepare(publishedHeads).all().map(readHead)
    },
  }
}

/**
 * Puts an issue on the site from editions that were saved, by their hashes. Part of the transaction around it.
 */
export function publishSaved(
  database: Database,
  issue: string,
  hashes: Readonly<Record<Tier, string>>,
): void {
  const now = database.clock.now()
  for (const tier of tiers) database.prepare(publishEdition).run(issue, tier, hashes[tier], now)
  indexMissing(database)
}

function readHead(row: Row): PublishedHead {
  return {
    issue: String(row['issue']),
    newsletter: String(row['newsletter']),
    subject: String(row['subject']),
    date: String(row['date']),
    publishedAt: Number(row['published_at']),
  }
}

/** Only `save` writes this column, so its shape is ours. */
function readEdition(row: Row): Edition {
  return JSON.parse(String(row['body'])) as Edition
}
