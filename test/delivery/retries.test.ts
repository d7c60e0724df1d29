import { openDeliveryReports } from '../../src/store/delivery-report.ts'
import { openDatabase } from '../../src/store/sqlite.ts'
import { retriesContract } from '../contract/retries.ts'
import { openDesk } from './desk.ts'

retriesContract('SQLite', async () => {
  const clock = { time: 0, now: () => clock.time }
  const desk = openDesk(undefined, clock)
  const closing: (() => void)[] = []
  return {
    clock,
    worker() {
      const own = openDesk(desk.folder, clock)
      const database = openDatabase(`${desk.folder}/onrecord.db`, clock)
      closing.push(own.close, () => database.close())
      return { ...own, reports: openDeliveryReports(database) }
    },
    async close() {
      for (const close of closing) close()
      desk.close()
    },
  }
})
