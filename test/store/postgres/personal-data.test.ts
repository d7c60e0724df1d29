import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTokens } from '../../../src/core/token.ts'
import { openPostgresReaders } from '../../../src/store/postgres/readers.ts'
import type { Postgres } from '../../../src/store/postgres/pool.ts'
import { openPostgresSubscribers } from '../../../src/store/postgres/subscribers.ts'
import { hashOf } from '../../../src/store/readers/one-time-row.ts'
import { leftOut, personalParts } from '../../../src/store/readers/personal-data.ts'
import { addressHash } from '../../../src/subscribers/address.ts'
import type { ReaderStore } from '../../../src/subscribers/readers.ts'
import type { SubscriberStore } from '../../../src/subscribers/store.ts'
import { startPostgres, type PostgresBed } from '../../contract/postgres-bed.ts'
import { secret } from '../open-people.ts'
import { former, live, marks, own } from '../whole-life.ts'

const tokens = createTokens(secret)
const clock = { time: Date.UTC(2026, 0, 2), now: () => clock.time }
const told: { isTheirs: (address: string) => boolean; held: number }[] = []
let bed: PostgresBed
let database: Postgres
let readers: ReaderStore
let subscribers: SubscriberStore
let publicId: string
let cookie: string
let others: number

beforeAll(async () => {
  bed = await startPostgres()
  database = await bed.open(clock)
  subscribers = openPostgresSubscribers(database, tokens)
  readers = openPostgresReaders(database, {
    ...{ tokens, sessionDays: 90 },
    clearOutside: async (isTheirs) => told.push({ isTheirs, held: (await holding(marks)).length }),
  })
  const write = (sql: string) => database.script(sql)
  ;({ publicId, cookie } = await live({ subscribers, readers, clock, write }, 1))
  others = await count('subscriber')
})
afterAll(async () => {
  await database.close()
  await bed.stop()
})

/** Tables in which nothing is kept of a person. A new table belongs here or in `personalParts`. */
const impersonal = [
  ...[
    'correction',
    'edition',
    'mark',
    'migration',
    'published',
    'round',
    'schedule',
    'slice',
    'source_place',
  ],
  ...[
    'pace',
    'pace_day',
    'pace_minute',
    'worker_presence',
    'sender_limits',
    'site_brief',
    'site_issue',
    'site_version',
  ],
  // Names of the staff, not of readers.
  ...['approval', 'source_tick'],
  // The index of the archive.
  ...['search_public', 'search_subscriber', 'search_member'],
]

/** Every table with its columns, as the catalogue has them. */
async function tables(): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await database.rows(
    `select table_name, string_agg(column_name, ',') as columns from information_schema.columns
     join information_schema.tables using (table_schema, table_name)
     where table_schema not in ('pg_catalog', 'information_schema') and table_type = 'BASE TABLE'
     group by table_name`,
  )
  return new Map(rows.map((row) => [String(row['table_name']), String(row['columns']).split(',')]))
}

/** `table.column` of every value, of whatever type, that holds one of `words`, whatever its case. */
async function holding(words: readonly string[]): Promise<string[]> {
  const found = new Set<string>()
  for (const table of (await tables()).keys())
    for (const row of await database.rows(`select to_jsonb(t)::text as line from "${table}" t`))
      for (const [column, value] of Object.entries(JSON.parse(String(row['line'])) as object))
        if (words.some((word) => JSON.stringify(value).toLowerCase().includes(word.toLowerCase())))
          found.add(`${table}.${column}`)
  return [...found].sort()
}

async function count(table: string): Promise<number> {
  return Number((await database.row(`select count(*) as count from ${table}`))?.['count'])
}

/** The tables with a column of a person's number, that have this person. */
async function tablesWith(): Promise<string[]> {
  const found: string[] = []
  for (const [table, columns] of await tables())
    if (columns.includes('subscriber_id')) {
      const row = await database.row(
        `select 1 from "${table}" where subscriber_id = (select id from subscriber where public_id = $1)`,
        [publicId],
      )
      if (row !== undefined) found.push(table)
    }
  return found.sort()
}

test('every table of the catalogue is in the export of a person, or is known to hold none', async () => {
  const known = [...impersonal, ...Object.values(personalParts).map(({ table }) => table)]
  expect([...(await tables()).keys()].filter((table) => !known.includes(table))).toEqual([])
})

test('every table that refers to a person, by a key or by the name of a column, is among those', async () => {
  const keys = await database.rows(
    `select distinct conrelid::regclass::text as name from pg_constraint
     where contype = 'f' and confrelid = 'subscriber'::regclass`,
  )
  const named = [...(await tables())].flatMap(([table, columns]) =>
    columns.some((column) => /^(?:subscriber_id|address(?:_key|_hash)?)$/.test(column)) ? [table] : [],
  )
  const parts = Object.values(personalParts).map(({ table }) => table)
  expect(parts).toEqual(expect.arrayContaining([...keys.map(({ name }) => String(name)), ...named]))
})

test('before they are erased, a whole life stands in every table that can hold one', async () => {
  const can = [...(await tables())].flatMap(([name, columns]) =>
    columns.includes('subscriber_id') ? [name] : [],
  )
  expect(await tablesWith()).toEqual(can.sort())
  expect(await holding(marks)).toEqual([
    'address_change.address',
    'address_change.address_key',
    'delivery.address',
    'delivery.name',
    'delivery.reply',
    'letter.address',
    'one_time_token.address',
    'subscriber.address',
    'subscriber.address_key',
    'subscriber.name',
    'suppression.note',
  ])
})

test('every column of those tables is in the export, but for row numbers and digests', async () => {
  const data = await readers.personalData(publicId)
  const all = await tables()
  for (const [part, { table }] of Object.entries(personalParts)) {
    const rows = [data?.[part]].flat()
    expect([part, rows.length > 0 && rows[0] !== null]).toEqual([part, true])
    const columns = all.get(table)?.filter((column) => !leftOut.has(column)) ?? []
    const keys = columns.map((column) => column.replace(/_[a-z]/g, ([, letter = '']) => letter.toUpperCase()))
    for (const row of rows) expect(Object.keys(Object(row))).toEqual(expect.arrayContaining(keys))
  }
})

test('the export reads as on SQLite, and has no cookie, no digest and nobody else in it', async () => {
  const data = await readers.personalData(publicId)
  expect(data).toMatchObject({
    version: 1,
    madeAt: '2026-01-02T01:00:00.000Z',
    person: { publicId, address: 'Quetzal@example.org', name: 'Citlali', format: 'text' },
    subscriptions: [
      { newsletter: 'daily', state: 'left', leftFrom: 'confirmed', leftAt: '2026-01-02T01:00:00.000Z' },
      { newsletter: 'weekly', state: 'confirmed' },
    ],
    suppression: { reason: 'operator', note: 'Citlali rang us up' },
    deliveries: [{ issue: '2026-w01', address: 'Xolotl@example.org', reply: '250 for xolotl' }],
    addressChange: [{ address: 'Tlaloc@example.org', expiresAt: '2026-01-04T01:00:00.000Z' }],
  })
  const text = JSON.stringify(data)
  const digests = await database.rows(
    `select hash from one_time_token union select hash from session union select address_hash from suppression`,
  )
  expect(digests.length).toBeGreaterThan(5)
  for (const word of [cookie, hashOf(cookie), 'reader1', ...digests.map(({ hash }) => String(hash))])
    expect(text).not.toContain(word)
})

test('erased, no row of any table names them, and mail outside is cleared before and after', async () => {
  await readers.erasePerson(publicId)
  expect(told.map(({ held }) => held > 0)).toEqual([true, false])
  const places = [
    'QUETZAL@example.org',
    'xolotl@example.org',
    'Tlaloc@example.org',
    'reader1@example.org',
    'x',
  ]
  for (const { isTheirs } of told) expect(places.map(isTheirs)).toEqual([true, true, true, false, false])
  expect(await holding(marks)).toEqual([])
  // The row of what was sent stays, nameless, and a keyed hash of each address that stops an import.
  expect(await tablesWith()).toEqual(['delivery'])
  const hashes = [own, former, { key: publicId }].map(({ key }) => addressHash(tokens, key))
  expect(await holding(hashes)).toEqual(['suppression.address_hash'])
  // What is left of them says nothing but that there was one.
  expect(await database.row('select * from subscriber where public_id = $1', [publicId])).toMatchObject({
    ...{ address: null, address_key: null, address_hash: null, name: null, format: 'html', views_from: 0 },
  })
  expect(await count('subscriber')).toBe(others)
  expect(await subscribers.erase(own)).toBe('already-erased')
})
