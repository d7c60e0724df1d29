import { afterAll, beforeAll } from 'vitest'
import { createTokens } from '../../../src/core/token.ts'
import { openPostgresDeliveries } from '../../../src/store/postgres/deliveries.ts'
import { openPostgresEditions } from '../../../src/store/postgres/editions.ts'
import { openPostgresSubscribers } from '../../../src/store/postgres/subscribers.ts'
import { deliveryContract } from '../../contract/deliveries.ts'
import { startPostgres, type PostgresBed } from '../../contract/postgres-bed.ts'

let bed: PostgresBed
beforeAll(async () => {
  bed = await startPostgres()
})
afterAll(() => bed.stop())

deliveryContract('PostgreSQL', async () => {
  const clock = { time: 1_000_000, now: () => clock.time }
  const database = await bed.open(clock)
  return {
    clock,
    deliveries: openPostgresDeliveries(database),
    editions: openPostgresEditions(database),
    subscribers: openPostgresSubscribers(database, createTokens('x'.repeat(40))),
    close: () => database.close(),
  }
})
