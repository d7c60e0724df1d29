import { afterAll, beforeAll } from 'vitest'
import { createTokens } from '../../../src/core/token.ts'
import type { Postgres } from '../../../src/store/postgres/pool.ts'
import { openPostgresReaders } from '../../../src/store/postgres/readers.ts'
import { openPostgresSubscribers } from '../../../src/store/postgres/subscribers.ts'
import { startPostgres, type PostgresBed } from '../../contract/postgres-bed.ts'
import { readerContract } from '../../contract/readers.ts'
import { secret } from '../open-people.ts'

const clock = { time: 0, now: () => clock.time }
let bed: PostgresBed
let database: Postgres
beforeAll(async () => {
  bed = await startPostgres()
  database = await bed.open(clock)
})
afterAll(async () => {
  await database.close()
  await bed.stop()
})

const tokens = createTokens(secret)

/** A database is made in a quarter of a second, and emptied in a hundredth: a property opens hundreds. */
readerContract('PostgreSQL', async () => {
  clock.time = Date.UTC(2026, 0, 2)
  await database.script(
    [
      ...['consent', 'letter', 'one_time_token', 'address_change', 'former_address', 'session', 'attempt'],
      ...['subscription', 'suppression', 'subscriber'],
    ]
      .map((table) => `delete from ${table}`)
      .join(';'),
  )
  return {
    clock,
    subscribers: openPostgresSubscribers(database, tokens),
    readers: openPostgresReaders(database, { tokens, sessionDays: 90 }),
    close: async () => {},
  }
})
