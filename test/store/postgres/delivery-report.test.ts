import { afterAll, beforeAll } from 'vitest'
import { createTokens } from '../../../src/core/token.ts'
import { openPostgresDeliveries } from '../../../src/store/postgres/deliveries.ts'
import { openPostgresReports } from '../../../src/store/postgres/delivery-report.ts'
import { openPostgresSubscribers } from '../../../src/store/postgres/subscribers.ts'
import { startPostgres, type PostgresBed } from '../../contract/postgres-bed.ts'
import { reportContract } from '../../contract/reports.ts'

let bed: PostgresBed
beforeAll(async () => {
  bed = await startPostgres()
})
afterAll(() => bed.stop())

reportContract('PostgreSQL', async () => {
  const clock = { time: 1_000_000, now: () => clock.time }
  const database = await bed.open(clock)
  return {
    clock,
    reports: openPostgresReports(database),
    deliveries: openPostgresDeliveries(database, { slice: 3 }),
    subscribers: openPostgresSubscribers(database, createTokens('x'.repeat(40))),
    close: () => database.close(),
  }
})
