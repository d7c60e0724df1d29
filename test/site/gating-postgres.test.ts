import { afterAll, beforeAll } from 'vitest'
import { openPostgresArchive } from '../../src/store/postgres/archive.ts'
import { openPostgresEditions } from '../../src/store/postgres/editions.ts'
import type { Postgres } from '../../src/store/postgres/pool.ts'
import { openPostgresReaders } from '../../src/store/postgres/readers.ts'
import { openPostgresSubscribers } from '../../src/store/postgres/subscribers.ts'
import { startPostgres, type PostgresBed } from '../contract/postgres-bed.ts'
import { openBedOn } from './bed.ts'
import { gatedSite, gatingContract } from './gating-contract.ts'

let server: PostgresBed
let database: Postgres
beforeAll(async () => {
  server = await startPostgres()
})
afterAll(async () => {
  await database.close()
  await server.stop()
})

gatingContract(
  'PostgreSQL',
  () =>
    openBedOn(async (tokens, clock) => {
      database = await server.open(clock)
      return {
        archive: await openPostgresArchive(database),
        readers: openPostgresReaders(database, { tokens, sessionDays: 90 }),
        subscribers: openPostgresSubscribers(database, tokens),
        editions: openPostgresEditions(database),
      }
    }, gatedSite),
  'telling',
)
