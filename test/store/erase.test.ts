import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { createTokens } from '../../src/core/token.ts'
import { addressesOf, keptCopies } from '../../src/store/erase.ts'
import { openReaders } from '../../src/store/readers.ts'
import type { Database } from '../../src/store/sqlite.ts'
import { addressHash } from '../../src/subscribers/address.ts'
import { proof } from '../contract/readers/bed.ts'
import { address } from '../contract/subscribers.ts'
import { openPeople, secret } from './open-people.ts'
import { former, marks, own, tablesOf, wholeLife } from './whole-life.ts'

const tokens = createTokens(secret)

/** `table.column` of every value that holds one of `words`, whatever its case. */
function holding(database: Database, words: readonly string[]): string[] {
  const found = new Set<string>()
  for (const [table] of tablesOf(database))
    for (const row of database.prepare(`select * from "${table}"`).all())
      for (const [column, value] of Object.entries(row)) {
        const text = (
          value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value)
        ).toLowerCase()
        if (words.some((word) => text.includes(word.toLowerCase()))) found.add(`${table}.${column}`)
      }
  return [...found].sort()
}

/** The files beside the store, and in it, that hold one of `words`: free pages and the write-ahead log too. */
function filesHolding(database: Database, words: readonly string[]): string[] {
  const folder = dirname(database.file)
  return readdirSync(folder).filter((name) => {
    const text = readFileSync(join(folder, name)).toString('latin1').toLowerCase()
    return words.some((word) => text.includes(word.toLowerCase()))
  })
}

/** Tables with a row that says whose it is, and has this person. */
function tablesWith(database: Database, publicId: string): string[] {
  const found: string[] = []
  for (const [table] of tablesOf(database))
    for (const { from } of database
      .prepare(`select "from" from pragma_foreign_key_list(?) where "table" = 'subscriber'`)
      .all(table)) {
      const rows = database
        .prepare(
          `select 1 from "${table}" where "${String(from)}" = (select id from subscriber where public_id = ?)`,
        )
        .all(publicId)
      if (rows.length > 0) found.push(table)
    }
  return found
}

test('before it is erased, a whole life stands in every table that can hold one', async () => {
  const { database, publicId, close } = await wholeLife()
  onTestFinished(close)
  const links = [...tablesOf(database).keys()].filter(
    (table) =>
      database.prepare(`select 1 from pragma_foreign_key_list(?) where "table" = 'subscriber'`).get(table) !==
      undefined,
  )
  expect(tablesWith(database, publicId).sort()).toEqual(links.sort())
  expect(holding(database, marks)).toEqual([
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
  const hashes = [own, former, { key: publicId }].map(({ key }) => addressHash(tokens, key))
  expect(holding(database, hashes)).toEqual([
    'attempt.subject',
    'former_address.address_hash',
    'letter.address_hash',
    'one_time_token.address_hash',
    'subscriber.address_hash',
    'suppression.address_hash',
  ])
})

test.each(['by the person', 'by their address'])(
  'erased %s, no row and no byte of a file names them',
  async (how) => {
    const told: ((address: string) => boolean)[] = []
    const life = await wholeLife(async (isTheirs) => told.push(isTheirs))
    onTestFinished(life.close)
    const { database, publicId, readers, subscribers } = life
    const theirs = addressesOf(database, tokens, { address: own })
    if (how === 'by the person') await readers.erasePerson(publicId)
    else expect(await subscribers.erase(own)).toBe('erased')
    // Mail to a former address and to one that was only wanted is theirs as well.
    const everywhere = [
      'QUETZAL@example.org',
      'xolotl@example.org',
      'Tlaloc@example.org',
      'reader1@example.org',
      'x',
    ]
    for (const isTheirs of [theirs, ...told])
      expect(everywhere.map(isTheirs)).toEqual([true, true, true, false, false])
    expect(told).toHaveLength(how === 'by the person' ? 2 : 0)
    expect(holding(database, marks)).toEqual([])
    // The row of what was sent stays, nameless, and a keyed hash of each address that stops an import.
    expect(tablesWith(database, publicId)).toEqual(['delivery'])
    const hashes = [own, former, { key: publicId }].map(({ key }) => addressHash(tokens, key))
    expect(holding(database, hashes)).toEqual(['suppression.address_hash'])
    expect(filesHolding(database, [...marks, ...hashes.slice(2)])).toEqual([])
    // What is left of them says nothing but that there was one.
    expect(database.prepare('select * from subscriber where public_id = ?').get(publicId)).toMatchObject({
      ...{ address: null, address_key: null, address_hash: null, name: null, format: 'html', views_from: 0 },
    })
  },
)

test('mail outside the store is cleared before the person is erased, and again for what was written meanwhile', async () => {
  const seen: boolean[] = []
  const life = await wholeLife(async () => seen.push(holding(life.database, marks).length > 0))
  onTestFinished(life.close)
  await life.readers.erasePerson(life.publicId)
  expect(seen).toEqual([true, false])
})

test('where that fails, nobody is erased and it can be done again', async () => {
  const life = await wholeLife(() => Promise.reject(new Error('the disk has a fault')))
  onTestFinished(life.close)
  await expect(life.readers.erasePerson(life.publicId)).rejects.toThrow('the disk has a fault')
  expect(await life.readers.account(life.publicId)).not.toBeNull()
})

test('a former address is erased without its person, who keeps the new one', async () => {
  const { database, publicId, readers, subscribers, close } = await wholeLife()
  onTestFinished(close)
  expect(await subscribers.erase(former)).toBe('erased')
  expect(holding(database, ['xolotl'])).toEqual([])
  expect(filesHolding(database, ['xolotl'])).toEqual([])
  expect((await readers.account(publicId))?.subscriber.address).toBe('Quetzal@example.org')
  expect(await subscribers.erase(former)).toBe('already-erased')
})

test('an address that they wanted, or had, and that is another subscriber’s is not theirs', async () => {
  const { database, readers, publicId, close } = await wholeLife()
  onTestFinished(close)
  for (const who of ['Tlaloc@example.org', 'Xolotl@example.org']) {
    await readers.ask({ kind: 'sign-up', address: address(who), newsletter: 'weekly', proof })
    for (let due = await readers.nextLetter(); due !== null; due = await readers.nextLetter())
      if (due.kind === 'confirm') await readers.confirm(due.token)
  }
  const isTheirs = addressesOf(database, tokens, { address: own })
  expect(['quetzal@example.org', 'tlaloc@example.org', 'xolotl@example.org'].map(isTheirs)).toEqual([
    ...[true, false, false],
  ])
  expect((await readers.account(publicId))?.subscriber.address).toBe('Quetzal@example.org')
})

test('an address that never became a subscriber’s leaves no byte either', async () => {
  const { database, subscribers, clock, close } = await openPeople()
  onTestFinished(close)
  const readers = openReaders(database, { tokens, sessionDays: 90 })
  for (const who of ['a@example.org', 'quetzal@example.org', 'b@example.org'])
    for (const newsletter of ['weekly', 'daily'])
      await readers.ask({ kind: 'sign-up', address: address(who), newsletter, proof })
  await readers.nextLetter()
  await readers.nextLetter()
  clock.time += 1_000
  expect(holding(database, ['quetzal'])).toEqual(['letter.address', 'one_time_token.address'])
  await subscribers.erase(own)
  expect(holding(database, ['quetzal'])).toEqual([])
  expect(filesHolding(database, ['quetzal'])).toEqual([])
})

test('a sign-up that nobody confirms leaves no byte a day after it has expired', async () => {
  const { database, clock, close } = await openPeople()
  onTestFinished(close)
  const readers = openReaders(database, { tokens, sessionDays: 90 })
  await readers.ask({ kind: 'sign-up', address: own, newsletter: 'weekly', proof })
  await readers.settleLetter((await readers.nextLetter())?.id ?? 0, 'sent')
  clock.time += 8 * 86_400_000
  await readers.tidy()
  expect(holding(database, ['quetzal', '203.0.113', addressHash(tokens, own.key)])).toEqual([])
})

test('whoever reads meanwhile holds no page up; the log is cut when they have done', async () => {
  const { database, readers, publicId, close } = await wholeLife()
  onTestFinished(close)
  const reader = new DatabaseSync(database.file)
  reader.exec('begin')
  reader.prepare('select count(*) from subscriber').get()
  const begun = performance.now()
  await readers.erasePerson(publicId)
  expect(performance.now() - begun).toBeLessThan(2_000)
  expect(holding(database, marks)).toEqual([])
  expect(filesHolding(database, marks)).not.toEqual([])
  await readers.tidy()
  expect(filesHolding(database, marks)).not.toEqual([])
  reader.close()
  await readers.tidy()
  expect(filesHolding(database, marks)).toEqual([])
  expect(database.prepare('select name from mark').all()).toEqual([])
})

test('copies that were kept beside the store are named, for they are not reached', () => {
  const folder = mkdtempSync(join(tmpdir(), 'onrecord-kept-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const name of [
    'onrecord.db',
    'onrecord.db-wal',
    'onrecord.db.before-step-4',
    'onrecord.db.before-restore-2026',
  ])
    writeFileSync(join(folder, name), '')
  expect(keptCopies(join(folder, 'onrecord.db')).map((file) => basename(file))).toEqual([
    'onrecord.db.before-restore-2026',
    'onrecord.db.before-step-4',
  ])
})
