import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTokens } from '../../../src/core/token.ts'
import type { PaceGranted, PaceWanted } from '../../../src/delivery/shared-pace.ts'
import { openPace } from '../../../src/store/postgres/pace.ts'
import { openPool, type Postgres } from '../../../src/store/postgres/pool.ts'
import { openPostgresReaders } from '../../../src/store/postgres/readers.ts'
import { startPostgres, type PostgresBed } from '../../contract/postgres-bed.ts'
import { sendThrough } from '../../delivery/paced.ts'

let bed: PostgresBed
let database: Postgres & { readonly url: string }
beforeAll(async () => {
  bed = await startPostgres()
  database = await bed.open()
})
afterAll(async () => {
  await database.close()
  await bed.stop()
})

async function take(name: string, count: number, of: Partial<PaceWanted>): Promise<PaceGranted> {
  const wanted = { name, count, perSecond: null, perHour: null, day: null, ...of }
  const [answer] = await openPace(database).take([wanted])
  if (answer === undefined) throw new Error('no answer')
  return answer
}

// Each with a pool of its own, as in a process of its own.
test.each([1, 2, 4])(
  '%i workers together are never faster than the pace by more than a twentieth',
  async (workers) => {
    const perSecond = 1_000
    const pools = Array.from({ length: workers }, () => openPool(database.url, { connections: 2 }))
    const sent = await Promise.all(
      pools.map((pool) =>
        sendThrough(openPace(pool), { server: `of ${workers}`, perSecond, domains: 3, milliseconds: 1_500 }),
      ),
    )
    for (const pool of pools) await pool.close()
    const times = sent.flat().toSorted((a, b) => a - b)
    // From when all of them run.
    const from = (times[0] ?? 0) + 400
    const counted = times.filter((at) => at >= from && at < from + 1_000).length
    expect(counted).toBeLessThan(perSecond * 1.05)
    // A busy machine may be late; how near they come on a quiet one is measured by `npm run bench -- scale pace`.
    expect(counted).toBeGreaterThan(perSecond * 0.75)
  },
)

test('each recipient domain has a pace of its own, whoever sends to it', async () => {
  const pace = openPace(database)
  const options = { server: 'domains', perSecond: null, perDomain: 50, domains: 3, milliseconds: 1_800 }
  const sent = await Promise.all([sendThrough(pace, options), sendThrough(pace, options)])
  const all = sent.flat().toSorted((a, b) => a - b)
  // All of them, so that what a busy machine does late counts where it belongs.
  const seconds = ((all.at(-1) ?? 0) - (all[0] ?? 0)) / 1_000
  expect(all.length).toBeGreaterThan(3 * 50 * seconds * 0.93)
  expect(all.length).toBeLessThan(3 * (50 * seconds * 1.05 + 5))
})

test('an hour’s messages are granted once, whoever asks, and what is given back can be taken again', async () => {
  const hour = { perHour: 100 }
  const taken = await Promise.all(Array.from({ length: 8 }, () => take('hour', 30, hour)))
  expect(taken.reduce((sum, { granted }) => sum + granted, 0)).toBe(100)
  const none = await take('hour', 1, hour)
  expect(none).toMatchObject({ granted: 0, spent: 'hour' })
  expect(none.wait).toBeGreaterThan(59 * 60_000 - 1_000)
  expect(none.wait).toBeLessThanOrEqual(60 * 60_000)
  expect(await take('hour', -5, hour)).toMatchObject({ granted: -5 })
  expect(await take('hour', 9, hour)).toMatchObject({ granted: 5, spent: null })
  expect(await take('another', 9, hour)).toMatchObject({ granted: 9, wait: 0 })
})

test('a day’s share counts what the server took, and another day is another share', async () => {
  const on = (name: string) => ({ day: { name, allowed: 50 } })
  const taken = await Promise.all(Array.from({ length: 4 }, () => take('days', 20, on('2026-03-01'))))
  expect(taken.reduce((sum, { granted }) => sum + granted, 0)).toBe(50)
  expect(await take('days', 1, on('2026-03-01'))).toMatchObject({ granted: 0, spent: 'day' })
  expect(await take('days', 9, { ...on('2026-03-01'), refused: 3 })).toMatchObject({ granted: 3 })
  expect(await take('days', 9, on('2026-03-02'))).toMatchObject({ granted: 9 })
})

test('what the rows say was begun counts, once', async () => {
  const pace = openPace(database)
  const now = Date.now()
  const begun = [
    { at: now - 2 * 3_600_000, begun: 500, taken: 500 },
    { at: now - 600_000, begun: 40, taken: 30 },
  ]
  const day = { name: '2026-03-01', begins: now - 3 * 3_600_000 }
  for (let time = 0; time < 2; time++) await pace.load('rows', begun, day)
  expect(await take('rows', 100, { perHour: 100 })).toMatchObject({ granted: 60 })
  expect(await take('rows', 100, { day: { name: day.name, allowed: 535 } })).toMatchObject({ granted: 5 })
})

test('what was kept of a domain, which may name somebody, is forgotten after an hour', async () => {
  await take('smtp://x jane-doe.test', 1, { perSecond: 1 })
  await take('smtp://x later.test', 1, { perSecond: 1 })
  await database.run("update pace set at = at - 3700000 where name like '%jane-doe.test'")
  const { tidy } = openPostgresReaders(database, { tokens: createTokens('x'.repeat(40)), sessionDays: 30 })
  await tidy()
  const kept = await database.rows("select name from pace where name like 'smtp://x %'")
  expect(kept).toEqual([{ name: 'smtp://x later.test' }])
})

test('many are asked for at once, and answered in their order', async () => {
  const names = Array.from({ length: 40 }, (_, index) => `d${(index * 7) % 40}`)
  const wanted = names.map((name, index) => ({
    ...{ name, count: index + 1, perSecond: 10, perHour: null, day: null },
  }))
  const both = await Promise.all([
    openPace(database).take(wanted),
    openPace(database).take(wanted.toReversed()),
  ])
  expect(both[0].map(({ granted }) => granted)).toEqual(wanted.map(({ count }) => count))
})
