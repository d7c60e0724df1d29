import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { expect, onTestFinished, test } from 'vitest'
import { createTokens } from '../../src/core/token.ts'
import { openDeliveries } from '../../src/store/deliveries.ts'
import { openReaders } from '../../src/store/readers.ts'
import { openDatabase } from '../../src/store/sqlite.ts'
import { openSubscriberStore } from '../../src/store/subscribers.ts'
import { readersInASendContract } from '../contract/readers-in-a-send.ts'
import { readerContract } from '../contract/readers.ts'
import { proof } from '../contract/readers/bed.ts'
import { address } from '../contract/subscribers.ts'
import { openPeople, secret } from './open-people.ts'

// In memory: a property opens hundreds of them. What only a file can show is in the tests beside this one.
function openInMemory() {
  const clock = { time: Date.UTC(2026, 0, 2), now: () => clock.time }
  const database = openDatabase(':memory:', clock)
  const tokens = createTokens(secret)
  return {
    database,
    clock,
    subscribers: openSubscriberStore(database, tokens),
    readers: openReaders(database, { tokens, sessionDays: 90 }),
    close: async () => database.close(),
  }
}

readerContract('SQLite', async () => openInMemory())

readersInASendContract('SQLite', async () => {
  const opened = openInMemory()
  const { database } = opened
  return {
    ...opened,
    deliveries: openDeliveries(database),
    deliveryRows: async () =>
      database
        .prepare('select address, state, reply, message_id, first_attempt_at, attempts from delivery')
        .all(),
  }
})

test('of several processes that press the same links at the same time, one is let in by each', async () => {
  const { database, clock, close } = await openPeople()
  onTestFinished(close)
  const readers = openReaders(database, { tokens: createTokens(secret), sessionDays: 90 })
  const tokens: string[] = []
  for (let count = 0; count < 60; count++) {
    await readers.ask({
      kind: 'sign-up',
      address: address(`r${count}@example.org`),
      newsletter: 'weekly',
      proof,
    })
    const letter = await readers.nextLetter()
    if (letter?.kind !== 'confirm') throw new Error('no letter')
    tokens.push(letter.token)
    await readers.settleLetter(letter.id, 'sent')
  }
  const workerData = { file: database.file, tokens, now: clock.time }
  const answers = await Promise.all(
    [1, 2, 3].map(async () => {
      const worker = new Worker(new URL('./entering-worker.ts', import.meta.url), { workerData })
      const [states] = (await once(worker, 'message')) as [readonly string[]]
      return states
    }),
  )
  for (const index of tokens.keys())
    expect(answers.map((each) => each[index]).toSorted()).toEqual(['entered', 'used', 'used'])
  expect(database.prepare('select count(*) as number from consent').get()).toEqual({ number: 60 })
  expect(database.prepare('select count(*) as number from session').get()).toEqual({ number: 60 })
})
