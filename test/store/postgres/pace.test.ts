import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPace } from '../../../src/store/postgres/pace.ts'
import type { Postgres } from '../../../src/store/postgres/pool.ts'
import { startPostgres, type PostgresBed } from '../../contract/postgres-bed.ts'

let bed: PostgresBed
let database: Postgres
beforeAll(async () => {
  bed = await startPostgres()
  database = await bed.open()
})
afterAll(async () => {
  await database.close()
  await bed.stop()
})

const perSecond = 2_000

test.each([1, 2, 4])(
  '%i workers together keep the pace, and never more than a twentieth above it',
  async (workers) => {
    const pace = openPace(database)
    const until = performance.now() + 1_500
    let sent = 0
    let last = 0
    const began = performance.now()
    const work = async (): Promise<void> => {
      for (;;) {
        const { granted, wait } = await pace.take(`of ${workers}`, 50, { perSecond, perHour: null })
        await sleep(wait)
        if (performance.now() > until) return
        sent += granted
        last = performance.now()
      }
    }
    await Promise.all(Array.from({ length: workers }, work))
    // The first tenth of a second's worth goes at once.
    const expected = ((last - began) / 1_000) * perSecond
    expect(sent).toBeGreaterThan(expected * 0.85)
    expect(sent).toBeLessThan(expected * 1.05 + perSecond / 10)
  },
)

test('an hour’s messages are granted once, whoever asks, and what is given back can be taken again', async () => {
  const pace = openPace(database)
  const limits = { perSecond: null, perHour: 100 }
  const taken = await Promise.all(Array.from({ length: 8 }, () => pace.take('hour', 30, limits)))
  expect(taken.reduce((sum, { granted }) => sum + granted, 0)).toBe(100)
  const none = await pace.take('hour', 1, limits)
  expect(none.granted).toBe(0)
  expect(none.wait).toBeGreaterThan(59 * 60_000 - 1_000)
  expect(none.wait).toBeLessThanOrEqual(60 * 60_000)
  expect(await pace.take('hour', -5, limits)).toMatchObject({ granted: -5 })
  expect(await pace.take('hour', 9, limits)).toMatchObject({ granted: 5 })
  expect(await pace.take('another', 9, limits)).toMatchObject({ granted: 9, wait: 0 })
})
