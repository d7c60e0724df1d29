import type { Tokens } from '../../core/token.ts'
import { addressHash } from '../../subscribers/address.ts'
import type { PersonalData } from '../../subscribers/readers.ts'
import type { Row } from '../subscriber-rows.ts'
import type { Database } from '../sqlite.ts'

/** Each part, and how its rows are found by a person's id, the digest of their address and that of their name in links. */
export const personalParts: Readonly<Record<string, { readonly table: string; readonly sql: string }>> = {
  person: { table: 'subscriber', sql: 'select * from subscriber where id = :id' },
  subscriptions: {
    table: 'subscription',
    sql: 'select * from subscription where subscriber_id = :id order by newsletter',
  },
  consents: { table: 'consent', sql: 'select * from consent where subscriber_id = :id order by id' },
  suppression: { table: 'suppression', sql: 'select * from suppression where address_hash = :hash' },
  deliveries: {
    table: 'delivery',
    sql: `select r.issue, r.newsletter, r.kind, d.* from delivery d join round r on r.id = d.round_id
      where d.subscriber_id = :id order by d.id`,
  },
  addressChange: {
    table: 'address_change',
    sql: 'select * from address_change where subscriber_id = :id or address_hash = :hash',
  },
  formerAddresses: {
    table: 'former_address',
    sql: 'select * from former_address where subscriber_id = :id order by changed_at',
  },
  sessions: {
    table: 'session',
    sql: 'select * from session where subscriber_id = :id order by created_at, id',
  },
  links: {
    table: 'one_time_token',
    sql: 'select * from one_time_token where subscriber_id = :id or address_hash = :hash order by created_at, hash',
  },
  letters: {
    table: 'letter',
    sql: 'select * from letter where subscriber_id = :id or address_hash = :hash order by id',
  },
  // As erase counts them: by the address, former ones, and the person.
  limits: {
    table: 'attempt',
    sql: `select * from attempt where subject in (:hash, :person)
        or subject in (select address_hash from former_address where subscriber_id = :id) order by kind`,
  },
}

/** Numbers of rows, and digests: they say nothing of a person, and those of tokens are as good as a key. */
export const leftOut: ReadonlySet<string> = new Set([
  ...['id', 'subscriber_id', 'round_id', 'hash', 'former_hash', 'address_hash', 'subject'],
])

/** All that the store holds of a person: every column of every table, but for `leftOut`. */
export function personalDataOf(database: Database, tokens: Tokens, row: Row): PersonalData {
  const values = personalKeys(tokens, row)
  const parts = Object.entries(personalParts).map(([name, { sql }]) => {
    const statement = database.prepare(sql)
    statement.setAllowUnknownNamedParameters(true)
    return [name, statement.all({ ...values })] as const
  })
  return personalDocument(parts, database.clock.now())
}

/** What `personalParts` are asked with, of a row of `subscriber`. */
export function personalKeys(tokens: Tokens, row: Row): Readonly<Record<string, string | number>> {
  const person = addressHash(tokens, String(row['public_id']))
  return { id: Number(row['id']), hash: String(row['address_hash']), person }
}

/** The rows of each part as one document for the person. */
export function personalDocument(
  parts: readonly (readonly [name: string, rows: readonly Row[]])[],
  now: number,
): PersonalData {
  const shownParts = parts.map(([name, rows]) => {
    const all = rows.map(shown)
    return [name, name === 'person' || name === 'suppression' ? (all[0] ?? null) : all] as const
  })
  return { version: 1, madeAt: iso(now), ...Object.fromEntries(shownParts) }
}

function shown(row: Row): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row)
      .filter(([column]) => !leftOut.has(column))
      .map(([column, value]) => [camelCase(column), shownValue(column, value)]),
  )
}

function shownValue(column: string, value: unknown): unknown {
  if (column === 'detail') {
    const detail = JSON.parse(String(value)) as Readonly<Record<string, unknown>>
    return Object.fromEntries(Object.entries(detail).map(([key, each]) => [key, shownValue(key, each)]))
  }
  if (typeof value !== 'number' || !/(?:^|_)at$|At$|_until$|^views_from$/.test(column)) return value ?? null
  // Never taken back.
  return column === 'views_from' && value === 0 ? null : iso(value)
}

function camelCase(column: string): string {
  return column.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

function iso(time: number): string {
  return new Date(time).toISOString()
}
