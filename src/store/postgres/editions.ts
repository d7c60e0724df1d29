import { tiers, type Tier } from '../../core/tier.ts'
import type { EditionStore, PublishedHead } from '../../delivery/editions.ts'
import type { Edition } from '../../email/edition.ts'
import { number, type Row } from '../subscriber-rows.ts'
import type { Connection, Postgres } from './pool.ts'
import { indexPublished } from './site-index.ts'

/** One that a former version froze without a page document is given its own; nothing else of it changes. */
const insertEdition = `
insert into edition as e (hash, issue, newsletter, tier, subject, date, body, page, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict (hash) do update set page = excluded.page where e.page is null and excluded.page is not null`

/** What is on the site has changed with it. */
const pageGiven = 'update published set published_at = $2 where edition_hash = $1'

/** Publishing the same edition again keeps the time at which it went on the site. */
const publishEdition = `
insert into published as p (issue, tier, edition_hash, published_at, first_published_at) values ($1, $2, $3, $4, $4)
on conflict (issue, tier) do update set edition_hash = excluded.edition_hash, published_at = excluded.published_at
  where p.edition_hash <> excluded.edition_hash`

const publishedHeads = `
select p.issue, e.newsletter, e.subject, e.date, p.published_at
from published p join edition e on e.hash = p.edition_hash
where p.tier = 'public'
order by e.date desc, p.published_at desc, p.issue`

const publishedEditions = `
select p.issue, p.tier, p.published_at, e.newsletter, e.subject, e.date, e.body
from published p join edition e on e.hash = p.edition_hash
where p.issue = $1`

/** Frozen editions in PostgreSQL: written once, by their hash. */
export function openPostgresEditions(database: Postgres): EditionStore {
  const save = async (connection: Connection, edition: Edition): Promise<void> => {
    const { page = null, ...body } = edition
    const { hash, issue, newsletter, tier, subject, date } = edition
    const document = page === null ? null : JSON.stringify(page)
    const values = [hash, issue, newsletter, tier, subject, date, JSON.stringify(body), document]
    const now = database.clock.now()
    if ((await connection.run(insertEdition, [...values, now])) > 0)
      await connection.run(pageGiven, [hash, now])
  }
  return {
    save: (edition) => save(database, edition),

    async get(hash) {
      const row = await database.row('select body from edition where hash = $1', [hash])
      return row === undefined ? null : readEdition(row)
    },

    publish: (editions) =>
      database.transaction(async (connection) => {
        const now = database.clock.now()
        for (const edition of Object.values(editions)) {
          await save(connection, edition)
          await connection.run(publishEdition, [edition.issue, edition.tier, edition.hash, now])
        }
        await indexPublished(connection, editions.public.issue)
      }),

    async published(issue) {
      const rows = await database.rows(publishedEditions, [issue])
      const of = (tier: string): Row | undefined => rows.find((row) => row['tier'] === tier)
      const [open, subscriber, member] = [of('public'), of('subscriber'), of('member')]
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
      return (await database.rows(publishedHeads)).map(readHead)
    },
  }
}

/** Puts an issue on the site from editions that were saved, by their hashes. Part of the transaction around it. */
export async function publishSaved(
  connection: Connection,
  issue: string,
  hashes: Readonly<Record<Tier, string>>,
  now: number,
): Promise<void> {
  for (const tier of tiers) await connection.run(publishEdition, [issue, tier, hashes[tier], now])
  await indexPublished(connection, issue)
}

/** What a list of published issues says of one. */
export function readHead(row: Row): PublishedHead {
  return {
    issue: String(row['issue']),
    newsletter: String(row['newsletter']),
    subject: String(row['subject']),
    date: String(row['date']),
    publishedAt: number(row, 'published_at'),
  }
}

/** Only `save` writes this column, so its shape is ours. */
export function readEdition(row: Row): Edition {
  return JSON.parse(String(row['body'])) as Edition
}
