import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTokens } from '../../../src/core/token.ts'
import type { DeliveryStore } from '../../../src/delivery/store.ts'
import { openPostgresDeliveries } from '../../../src/store/postgres/deliveries.ts'
import type { Postgres } from '../../../src/store/postgres/pool.ts'
import { openPostgresReaders } from '../../../src/store/postgres/readers.ts'
import { openPostgresSubscribers } from '../../../src/store/postgres/subscribers.ts'
import { startPostgres, type PostgresBed } from '../../contract/postgres-bed.ts'
import { readersInASendContract } from '../../contract/readers-in-a-send.ts'
import { readerContract } from '../../contract/readers.ts'
import { proof } from '../../contract/readers/bed.ts'
import { address } from '../../contract/subscribers.ts'
import { secret } from '../open-people.ts'

const clock = { time: 0, now: () => clock.time }
let bed: PostgresBed
let database: Postgres
let deliveries: DeliveryStore
beforeAll(async () => {
  bed = await startPostgres()
  database = await bed.open(clock)
  deliveries = openPostgresDeliveries(database)
})
afterAll(async () => {
  await database.close()
  await bed.stop()
})

const tokens = createTokens(secret)

/** A database is made in a quarter of a second, and emptied in a hundredth: a property opens hundreds. */
async function openEmpty() {
  clock.time = Date.UTC(2026, 0, 2)
  await database.script(
    [
      ...['delivery', 'slice', 'round', 'consent', 'letter', 'one_time_token', 'address_change'],
      ...['former_address', 'session', 'attempt', 'subscription', 'suppression', 'subscriber'],
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
}

readerContract('PostgreSQL', openEmpty)

readersInASendContract('PostgreSQL', async () => ({
  ...(await openEmpty()),
  deliveries,
  deliveryRows: () =>
    database.rows('select address, state, reply, message_id, first_attempt_at, attempts from delivery'),
}))

test('who comes back is waiting in a slice that was given back and counted, and nothing is counted twice', async () => {
  const { readers, subscribers } = await openEmpty()
  for (const who of ['ada@example.org', 'bob@example.org'])
    await subscribers.add({
      ...{ address: address(who), newsletter: 'weekly', name: null, tier: null, source: 'x', again: false },
    })
  const { publicId = '' } = (await subscribers.find(address('ada@example.org'))) ?? {}
  const { id: round } = await deliveries.openRound({
    ...{ issue: '2026-w01', newsletter: 'weekly', kind: 'real', number: 1, transport: 'smtp://test' },
    ...{ settings: {}, editions: { subscriber: 's', member: 'm' } },
  })
  while ((await deliveries.freezeChunk(round, 9)).more) continue
  await deliveries.seal(round)
  expect(await readers.leave(publicId, 'weekly', proof)).toBe('left')
  const [{ id = 0 } = {}] = await deliveries.claim(round, 9)
  const at = clock.time
  await deliveries.advance(round, [{ settle: null, begin: { id, messageId: '<1@x>', at } }])
  const settle = { id, state: 'accepted', reply: '250', class: null, nextAt: null, at } as const
  await deliveries.advance(round, [{ settle, begin: null }])
  expect(await deliveries.claim(round, 9)).toEqual([])
  expect(await database.rows('select due_at, tally from slice')).toEqual([
    { due_at: null, tally: '{"accepted": 1, "suppressed": 1}' },
  ])
  expect(await readers.undoLeave(publicId, 'weekly', proof)).toBe('undone')
  expect(await deliveries.tally(round)).toMatchObject({ accepted: 1, queued: 1, suppressed: 0 })
  expect(await deliveries.claim(round, 9)).toMatchObject([{ address: 'ada@example.org' }])
})
