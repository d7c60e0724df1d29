import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTokens } from '../../../src/core/token.ts'
import { openPostgresApprovals } from '../../../src/store/postgres/approvals.ts'
import { openPostgresDeliveries } from '../../../src/store/postgres/deliveries.ts'
import { openPostgresReports } from '../../../src/store/postgres/delivery-report.ts'
import { openPostgresEditions } from '../../../src/store/postgres/editions.ts'
import { openPostgresHistory } from '../../../src/store/postgres/history.ts'
import { openPool, type Postgres } from '../../../src/store/postgres/pool.ts'
import { openPostgresSchedule } from '../../../src/store/postgres/schedule.ts'
import { lockPostgresSender } from '../../../src/store/postgres/sender-lock.ts'
import { openPostgresSubscribers } from '../../../src/store/postgres/subscribers.ts'
import { enterPostgresWorker, hasPostgresWorker } from '../../../src/store/postgres/worker-presence.ts'
import { historyContract } from '../../contract/history.ts'
import { startPostgres, type PostgresBed } from '../../contract/postgres-bed.ts'
import { retriesContract } from '../../contract/retries.ts'
import { scheduleContract } from '../../contract/schedule.ts'

let bed: PostgresBed
beforeAll(async () => {
  bed = await startPostgres()
})
afterAll(() => bed.stop())

scheduleContract('PostgreSQL', async () => {
  const clock = { time: 1_000_000, now: () => clock.time }
  const database = await bed.open(clock)
  const other = openPool(database.url, { clock })
  return {
    clock,
    schedule: openPostgresSchedule(database),
    again: openPostgresSchedule(other),
    deliveries: openPostgresDeliveries(database),
    editions: openPostgresEditions(database),
    subscribers: openPostgresSubscribers(database, createTokens('x'.repeat(40))),
    async close() {
      for (const each of [database, other]) await each.close()
    },
  }
})

retriesContract('PostgreSQL', async () => {
  const clock = { time: 0, now: () => clock.time }
  const folder = mkdtempSync(join(tmpdir(), 'onrecord-retries-'))
  const database = await bed.open(clock)
  const tokens = createTokens('a secret of more than thirty-two characters')
  const opened: Postgres[] = []
  return {
    clock,
    worker() {
      const own = openPool(database.url, { clock, connections: 3 })
      opened.push(own)
      const deliveries = openPostgresDeliveries(own)
      return {
        ...{ tokens, deliveries, leases: deliveries, signer: null, imagesDir: join(folder, 'images') },
        subscribers: openPostgresSubscribers(own, tokens),
        editions: openPostgresEditions(own),
        schedule: openPostgresSchedule(own),
        approvals: openPostgresApprovals(own),
        reports: openPostgresReports(own),
        lockSender: (of) => lockPostgresSender(own, of),
      }
    },
    async close() {
      for (const each of [...opened, database]) await each.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
})

historyContract('PostgreSQL', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'onrecord-history-'))
  const database = await bed.open()
  const tokens = createTokens('a secret of more than thirty-two characters')
  return {
    desk: {
      tokens,
      subscribers: openPostgresSubscribers(database, tokens),
      deliveries: openPostgresDeliveries(database),
      editions: openPostgresEditions(database),
      imagesDir: join(folder, 'images'),
      signer: null,
      lockSender: () => lockPostgresSender(database),
    },
    history: openPostgresHistory(database),
    run: (statement) => database.script(statement),
    async close() {
      await database.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
})

test('a worker is seen from every machine while it is there, and not long after it was cut off', async () => {
  const database = await bed.open()
  const [first, second] = [openPool(database.url), openPool(database.url)]
  expect(await hasPostgresWorker(database, 'real')).toBe(false)
  const [here, cutOff] = await Promise.all([
    enterPostgresWorker(first, 'real', { beat: 20 }),
    enterPostgresWorker(second, 'real', { beat: 20 }),
  ])
  expect([await hasPostgresWorker(database, 'real'), await hasPostgresWorker(database, 'rehearsal')]).toEqual(
    [...[true, false]],
  )
  await here.release()
  expect(await hasPostgresWorker(database, 'real')).toBe(true)
  // It does not notice: its connections are gone, it goes on.
  await second.close()
  expect(await hasPostgresWorker(database, 'real')).toBe(true)
  await expect.poll(() => hasPostgresWorker(database, 'real', { gone: 100 })).toBe(false)
  await cutOff.release()
  await first.close()
  await database.close()
})
