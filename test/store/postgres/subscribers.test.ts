import { afterAll, beforeAll } from 'vitest'
import { createTokens } from '../../../src/core/token.ts'
import { openPostgresSubscribers } from '../../../src/store/postgres/subscribers.ts'
import { startPostgres, type PostgresBed } from '../../contract/postgres-bed.ts'
import { subscriberContract } from '../../contract/subscribers.ts'
import { secret } from '../open-people.ts'

let bed: PostgresBed
beforeAll(async () => {
  bed = await startPostgres()
})
afterAll(() => bed.stop())

subscriberContract('PostgreSQL', async () => {
  const clock = { time: Date.UTC(2026, 0, 2), now: () => clock.time }
  const database = await bed.open(clock)
  return {
    clock,
    subscribers: openPostgresSubscribers(database, createTokens(secret)),
    close: () => database.close(),
  }
})
