import { openApprovals } from '../../src/store/approvals.ts'
import { openDatabase } from '../../src/store/sqlite.ts'
import { approvalsContract } from '../contract/approvals.ts'

approvalsContract('SQLite', async () => {
  const clock = { time: 0, now: () => clock.time }
  const database = openDatabase(':memory:', clock)
  return { approvals: openApprovals(database), clock, close: async () => database.close() }
})
