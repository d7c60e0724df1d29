import { afterAll, beforeAll } from 'vitest'
import { openPostgresApprovals } from '../../../src/store/postgres/approvals.ts'
import { approvalsContract } from '../../contract/approvals.ts'
import { startPostgres, type PostgresBed } from '../../contract/postgres-bed.ts'

let bed: PostgresBed
beforeAll(async () => {
  bed = await startPostgres()
})
afterAll(() => bed.stop())

approvalsContract('PostgreSQL', async () => {
  const clock = { time: Date.UTC(2026, 0, 2), now: () => clock.time }
  const database = await bed.open(clock)
  return { clock, approvals: openPostgresApprovals(database), close: () => database.close() }
})
