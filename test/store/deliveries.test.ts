import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createTokens } from '../../src/core/token.ts'
import { openDeliveries } from '../../src/store/deliveries.ts'
import { openEditions } from '../../src/store/editions.ts'
import { lockSender } from '../../src/store/sender-lock.ts'
import { openDatabase } from '../../src/store/sqlite.ts'
import { openSubscriberStore } from '../../src/store/subscribers.ts'
import { deliveryContract } from '../contract/deliveries.ts'

deliveryContract('SQLite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'onrecord-deliveries-'))
  const clock = { time: 1_000_000, now: () => clock.time }
  const database = openDatabase(join(folder, 'onrecord.db'), clock)
  return {
    clock,
    deliveries: openDeliveries(database),
    editions: openEditions(database),
    subscribers: openSubscriberStore(database, createTokens('x'.repeat(40))),
    async close() {
      database.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
})

test('only one holds the sender’s lock, and it is free again when released', () => {
  const folder = mkdtempSync(join(tmpdir(), 'onrecord-lock-'))
  const file = join(folder, 'data', 'sender.lock')
  const first = lockSender(file)
  expect(first).not.toBeNull()
  expect(lockSender(file)).toBeNull()
  first?.release()
  const second = lockSender(file)
  expect(second).not.toBeNull()
  second?.release()
  rmSync(folder, { recursive: true, force: true })
})
