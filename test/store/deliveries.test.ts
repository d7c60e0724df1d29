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
import { addPeople } from '../delivery/people.ts'

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

test('who paused is written to again once the pause is over, and not before', async () => {
  const clock = { time: 1_000_000, now: () => clock.time }
  const database = openDatabase(':memory:', clock)
  const deliveries = openDeliveries(database)
  await addPeople(openSubscriberStore(database, createTokens('x'.repeat(40))), 5)
  database
    .prepare("update subscription set state = 'paused', paused_until = 1000000 + subscriber_id * 1000")
    .run()
  const frozen = async (number: number): Promise<number> => {
    const settings = { settings: {}, editions: { subscriber: 's', member: 'm' }, transport: 'smtp://test' }
    const round = await deliveries.openRound({
      issue: 'i',
      newsletter: 'weekly',
      kind: 'real',
      number,
      ...settings,
    })
    while ((await deliveries.freezeChunk(round.id, 2)).more) continue
    return (await deliveries.seal(round.id)).total ?? 0
  }
  clock.time = 1_000_999
  expect(await frozen(1)).toBe(0)
  clock.time = 1_003_000
  expect(await frozen(2)).toBe(3)
  database.close()
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
