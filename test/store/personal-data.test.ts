import { expect, onTestFinished, test } from 'vitest'
import { leftOut, personalParts } from '../../src/store/readers/personal-data.ts'
import { hashOf } from '../../src/store/readers/one-time-row.ts'
import { former, tablesOf, wholeLife } from './whole-life.ts'

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
    'source_place',
    'sqlite_sequence',
  ],
  ...['site_brief', 'site_issue', 'site_version'],
  // Names of the staff, not of readers.
  ...['approval', 'source_tick'],
  // The index of the archive, and what SQLite makes for it.
  ...['public', 'subscriber', 'member'].flatMap((tier) => [`search_${tier}`]),
]

test('every table of the schema is in the export of a person, or is known to hold none', async () => {
  const { database, close } = await wholeLife()
  onTestFinished(close)
  const known = [...impersonal, ...Object.values(personalParts).map(({ table }) => table)]
  const unknown = [...tablesOf(database).keys()].filter(
    (table) => !known.includes(table) && !/^search_[a-z]+_(?:data|idx|content|docsize|config)$/.test(table),
  )
  expect(unknown).toEqual([])
})

test('every column of those tables is in the export, but for row numbers and digests', async () => {
  const { database, readers, publicId, close } = await wholeLife()
  onTestFinished(close)
  const data = await readers.personalData(publicId)
  const tables = tablesOf(database)
  for (const [part, { table }] of Object.entries(personalParts)) {
    const value = data?.[part]
    const rows = Array.isArray(value) ? value : [value]
    expect([part, rows.length > 0 && rows[0] !== null]).toEqual([part, true])
    const columns = tables.get(table)?.filter((column) => !leftOut.has(column)) ?? []
    const keys = columns.map((column) => column.replace(/_[a-z]/g, ([, letter = '']) => letter.toUpperCase()))
    for (const row of rows) expect(Object.keys(Object(row))).toEqual(expect.arrayContaining(keys))
  }
})

test('the export has no secret in it: no cookie, no token, no digest of one, nothing of another person', async () => {
  const { database, readers, publicId, cookie, close } = await wholeLife()
  onTestFinished(close)
  const text = JSON.stringify(await readers.personalData(publicId))
  const digests = database
    .prepare(
      `select hash from one_time_token union select hash from session union select former_hash from session
       union select address_hash from suppression`,
    )
    .all()
    .flatMap(({ hash }) => (typeof hash === 'string' ? [hash] : []))
  expect(digests.length).toBeGreaterThan(120)
  for (const secret of [...digests, cookie, hashOf(cookie)]) expect(text).not.toContain(secret)
  expect(text).not.toContain('reader1')
})

test('the counts in it are those that an erasure clears: of the address, former ones, and the person', async () => {
  const { database, readers, publicId, close } = await wholeLife()
  onTestFinished(close)
  const { key } = former
  await readers.allow('of the former address', key, { most: 1, windowMs: 3_600_000 })
  const kinds = async () =>
    [(await readers.personalData(publicId))?.['limits'] ?? []]
      .flat()
      .map((row) => String(Object(row)['kind']))
  const count = () => Number(database.prepare('select count(*) as number from attempt').get()?.['number'])
  const exported = await kinds()
  expect(exported).toEqual(expect.arrayContaining(['change', 'log-in letter', 'of the former address']))
  const before = count()
  await readers.erasePerson(publicId)
  expect(before - count()).toBe(exported.length)
})

test('an export reads as a person would have it', async () => {
  const { readers, publicId, close } = await wholeLife()
  onTestFinished(close)
  expect(await readers.personalData(publicId)).toMatchObject({
    version: 1,
    madeAt: '2026-01-02T01:00:00.000Z',
    person: {
      publicId,
      address: 'Quetzal@example.org',
      name: 'Citlali',
      format: 'text',
      createdAt: '2026-01-02T00:00:00.000Z',
      viewsFrom: '2026-01-02T01:00:00.000Z',
    },
    subscriptions: [
      { newsletter: 'daily', state: 'left', leftFrom: 'confirmed', leftAt: '2026-01-02T01:00:00.000Z' },
      { newsletter: 'weekly', state: 'confirmed' },
    ],
    consents: [
      {
        newsletter: 'weekly',
        kind: 'given',
        form: 'sign-up',
        words: 'I want it.',
        network: '203.0.113.0/24',
      },
      { newsletter: 'daily', kind: 'given', form: 'preferences' },
      { newsletter: 'daily', kind: 'withdrawn', form: 'leave' },
    ],
    suppression: { reason: 'operator', note: 'Citlali rang us up' },
    deliveries: [
      { issue: '2026-w01', address: 'Xolotl@example.org', state: 'accepted', reply: '250 for xolotl' },
    ],
    addressChange: [{ address: 'Tlaloc@example.org', expiresAt: '2026-01-04T01:00:00.000Z' }],
    formerAddresses: [{ changedAt: '2026-01-02T00:00:00.000Z' }],
  })
})
