import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTokens } from '../../src/core/token.ts'
import { openDeliveries } from '../../src/store/deliveries.ts'
import { openEditions } from '../../src/store/editions.ts'
import { openSchedule } from '../../src/store/schedule.ts'
import { openDatabase } from '../../src/store/sqlite.ts'
import { openSubscriberStore } from '../../src/store/subscribers.ts'
import { scheduleContract } from '../contract/schedule.ts'

scheduleContract('SQLite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'onrecord-schedule-'))
  const clock = { time: 1_000_000, now: () => clock.time }
  const file = join(folder, 'onrecord.db')
  const [database, other] = [openDatabase(file, clock), openDatabase(file, clock)]
  return {
    clock,
    schedule: openSchedule(database),
    again: openSchedule(other),
    deliveries: openDeliveries(database),
    editions: openEditions(database),
    subscribers: openSubscriberStore(database, createTokens('x'.repeat(40))),
    async close() {
      for (const each of [database, other]) each.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
})
