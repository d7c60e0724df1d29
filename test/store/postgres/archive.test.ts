import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPostgresArchive } from '../../../src/store/postgres/archive.ts'
import { openPostgresEditions } from '../../../src/store/postgres/editions.ts'
import { openPool } from '../../../src/store/postgres/pool.ts'
import { archiveContract, twoIssues } from '../../contract/archive.ts'
import { startPostgres, type PostgresBed } from '../../contract/postgres-bed.ts'

let bed: PostgresBed
beforeAll(async () => {
  bed = await startPostgres()
})
afterAll(() => bed.stop())

/** A little longer than a version holds. */
const seen = () => sleep(60)

async function open() {
  const clock = { time: Date.parse('2025-11-20T08:00:00Z'), now: () => clock.time }
  const database = await bed.open(clock)
  const editions = openPostgresEditions(database)
  return { clock, database, archive: await openPostgresArchive(database), editions }
}

archiveContract('PostgreSQL', async () => {
  const { database, ...rest } = await open()
  return { ...rest, seen, close: () => database.close() }
})

const tables = ['site_issue', 'site_brief', 'source_place', 'correction']
const searches = ['search_public', 'search_subscriber', 'search_member']

test('what is not taken in yet is when the archive is opened, by whoever opens it first', async () => {
  const { database, editions } = await open()
  for (const issue of await twoIssues()) await editions.publish(issue)
  const rows = () =>
    Promise.all(
      [
        ...tables.map((table) => `select * from ${table} order by 1, 2, 3, 4`),
        ...searches.map((table) => `select issue, brief, title, folded, vector from ${table} order by 1, 2`),
      ].map((statement) => database.rows(statement)),
    )
  const before = await rows()
  await database.script([...tables, ...searches].map((table) => `delete from ${table}`).join(';'))
  await Promise.all([1, 2, 3].map(() => openPostgresArchive(database)))
  expect(await rows()).toEqual(before)
  await database.script("update site_issue set index_version = 0; update site_brief set title = 'old'")
  await openPostgresArchive(database)
  expect(await rows()).toEqual(before)
  await database.close()
})

test('an issue frozen before there were documents is listed, and gets its own when it is published again', async () => {
  const { database, editions, archive } = await open()
  const [one] = await twoIssues()
  const plain = Object.fromEntries(
    Object.entries(one).map(([tier, { page: _page, ...edition }]) => [tier, edition]),
  ) as unknown as typeof one
  await editions.publish(plain)
  expect(await archive.heads('public')).toMatchObject([{ issue: 'one', lang: 'en', briefs: [] }])
  expect(await archive.page(one.public.hash)).toEqual({ document: null, web: one.public.web })
  expect(await archive.works('public')).toEqual([])
  await editions.publish(one)
  expect(await archive.page(one.public.hash)).toEqual({ document: one.public.page, web: null })
  expect((await archive.works('public')).length).toBeGreaterThan(0)
  await database.close()
})

test('what another process publishes is seen within 50 ms, by one small question for all who ask meanwhile', async () => {
  const { database, editions } = await open()
  let asked = 0
  const other = openPool((database as typeof database & { url: string }).url)
  const archive = await openPostgresArchive({
    ...other,
    row: (...given: Parameters<typeof other.row>) => (asked++, other.row(...given)),
  })
  const [one, two] = await twoIssues()
  await editions.publish(one)
  const before = await archive.version()
  expect((await archive.editionOf('one', 'public'))?.hash).toBe(one.public.hash)
  await editions.publish(two)
  await seen()
  expect(await archive.version()).toBeGreaterThan(before)
  await archive.editionOf('one', 'public')
  const known = asked
  const began = performance.now()
  for (let time = 0; time < 100; time++)
    await Promise.all([archive.version(), archive.changedAt(), archive.editionOf('one', 'public')])
  // A version holds for 50 ms.
  expect(asked - known).toBeLessThanOrEqual(1 + (performance.now() - began) / 50)
  await other.close()
  await database.close()
})
