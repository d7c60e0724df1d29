import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openArchive } from '../../src/store/archive.ts'
import { openEditions } from '../../src/store/editions.ts'
import { openDatabase } from '../../src/store/sqlite.ts'
import { archiveContract, twoIssues } from '../contract/archive.ts'

const open = () => {
  const clock = { time: Date.parse('2025-11-20T08:00:00Z'), now: () => clock.time }
  const database = openDatabase(':memory:', clock)
  return { clock, database, archive: openArchive(database), editions: openEditions(database) }
}

archiveContract('SQLite', async () => {
  const { database, ...rest } = open()
  return { ...rest, seen: async () => undefined, close: async () => database.close() }
})

const tables = ['site_issue', 'site_brief', 'source_place', 'correction']
const searches = ['search_public', 'search_subscriber', 'search_member']

test('what was published before is taken in when the archive is opened, once', async () => {
  const { database, editions } = open()
  for (const issue of await twoIssues()) await editions.publish(issue)
  const rows = () =>
    [...tables, ...searches].map((table) =>
      database.prepare(`select * from ${table} order by 1, 2, 3, 4`).all(),
    )
  const before = rows()
  for (const table of [...tables, ...searches]) database.prepare(`delete from ${table}`).run()
  openArchive(database)
  expect(rows()).toEqual(before)
  const changes = Number(database.prepare('select total_changes() as n').get()?.['n'])
  openArchive(database)
  expect(Number(database.prepare('select total_changes() as n').get()?.['n'])).toBe(changes)
  database.close()
})

test('rows that a former version made are made again', async () => {
  const { database, editions, archive } = open()
  const [one] = await twoIssues()
  await editions.publish(one)
  database.prepare('update site_issue set index_version = 0').run()
  database.prepare("update site_brief set title = 'old'").run()
  openArchive(database)
  expect((await archive.heads('public'))[0]?.briefs[0]?.title).toBe('The quay ]]> & the <crane>')
  database.close()
})

test('an issue frozen before there were documents is listed and found by its subject, with its sources', async () => {
  const { database, editions, archive } = open()
  const [one] = await twoIssues()
  const plain = Object.fromEntries(
    Object.entries(one).map(([tier, { page: _page, ...edition }]) => [tier, edition]),
  ) as unknown as typeof one
  await editions.publish(plain)
  database.prepare('delete from site_issue').run()
  openArchive(database)
  expect(await archive.heads('public')).toMatchObject([{ issue: 'one', lang: 'en', briefs: [] }])
  expect((await archive.search('harbour', 'public', { from: 0, count: 9 })).hits).toMatchObject([
    { issue: 'one', brief: null },
  ])
  const places = await archive.sourcePlaces('one', 'notice', 'public')
  expect(places).toMatchObject([{ issue: 'one', brief: null, hasPage: false }])
  // A page of a source is made from a document.
  expect(await archive.works('public')).toEqual([])
  database.close()
})

test('an issue frozen before there were documents gets its own when it is published again', async () => {
  const { database, editions, archive } = open()
  const [one] = await twoIssues()
  const plain = Object.fromEntries(
    Object.entries(one).map(([tier, { page: _page, ...edition }]) => [tier, edition]),
  ) as unknown as typeof one
  await editions.publish(plain)
  expect((await archive.page(one.public.hash))?.document).toBeNull()
  await editions.publish(one)
  expect((await archive.page(one.public.hash))?.document).toEqual(one.public.page)
  expect((await archive.works('public')).length).toBeGreaterThan(0)
  // What was frozen stays.
  const { page } = one.public
  if (page === undefined) throw new Error('there is no document')
  const other = { ...page, issue: { ...page.issue, subject: 'Another' } }
  await editions.publish({ ...one, public: { ...one.public, page: other } })
  expect((await archive.page(one.public.hash))?.document).toEqual(page)
  database.close()
})

test('the version is never that of another state, also after a store was put back', async () => {
  const { database, editions, archive } = open()
  const [one, two] = await twoIssues()
  await editions.publish(one)
  const first = await archive.version()
  expect(first).toBeGreaterThan(Date.parse('2025-01-01'))
  await editions.publish(two)
  expect(await archive.version()).toBeGreaterThan(first)
  database.prepare("delete from published where issue = 'two'").run()
  expect(await archive.version()).toBeGreaterThan(first + 1)
  database.close()
})

test('what this process publishes is seen at once, and what another does within 50 ms', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'onrecord-archive-'))
  const file = join(folder, 'store.db')
  const [ours, others] = [openDatabase(file), openDatabase(file)]
  const archive = openArchive(ours)
  const [one, two] = await twoIssues()
  const before = await archive.version()
  await openEditions(ours).publish(one)
  expect(await archive.version()).toBeGreaterThan(before)
  const known = await archive.editionOf('one', 'public')
  expect(known?.hash).toBe(one.public.hash)
  const seen = await archive.version()
  const corrected = { ...two.public, hash: 'c'.repeat(64), issue: 'one' }
  await openEditions(others).publish({
    public: corrected,
    subscriber: { ...two.subscriber, hash: 'd'.repeat(64), issue: 'one' },
    member: { ...two.member, hash: 'e'.repeat(64), issue: 'one' },
  })
  await sleep(60)
  expect((await archive.editionOf('one', 'public'))?.hash).toBe(corrected.hash)
  expect(await archive.version()).toBeGreaterThan(seen)
  for (const each of [ours, others]) each.close()
  rmSync(folder, { recursive: true })
})

test('a page view that asks again for the same asks SQLite nothing', async () => {
  const { database, editions } = open()
  let prepared = 0
  const archive = openArchive(
    Object.create(database, {
      prepare: { value: (sql: string) => (prepared++, database.prepare(sql)) },
    }) as typeof database,
  )
  const [one] = await twoIssues()
  await editions.publish(one)
  const ask = () => Promise.all([archive.version(), archive.editionOf('one', 'public')])
  await ask()
  const before = prepared
  const began = performance.now()
  for (let time = 0; time < 100; time++) await ask()
  // A version holds for 50 ms.
  expect(prepared - before).toBeLessThanOrEqual(1 + (performance.now() - began) / 50)
  database.close()
})

test('whatever is searched for, no more than a thousand matches are weighed', async () => {
  const { database, editions, archive } = open()
  const [one] = await twoIssues()
  await editions.publish(one)
  const add = database.prepare(
    "insert into search_public (title, words, issue, brief) values (?, ?, 'one', ?)",
  )
  const words = 'quay crane tide '.repeat(30)
  database.transaction(() => {
    for (let brief = 0; brief < 3_000; brief++) add.run('Quay', words, `b${brief}`)
  })
  const query = 'quay crane tide qua cra tid quay crane tide'
  const last = await archive.search(query, 'public', { from: 980, count: 20 })
  expect([last.total, last.hits.length]).toEqual([1_000, 20])
  // Of equals, what was taken in later stands first.
  expect((await archive.search(query, 'public', { from: 0, count: 1 })).hits[0]?.brief).toBe('b2999')
  expect((await archive.search('y'.repeat(9_999), 'public', { from: 0, count: 20 })).total).toBe(0)
  database.close()
})
