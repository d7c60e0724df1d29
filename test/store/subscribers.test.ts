import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createTokens } from '../../src/core/token.ts'
import { openDeliveryReports } from '../../src/store/delivery-report.ts'
import { openSubscriberStore } from '../../src/store/subscribers.ts'
import { address, subscriberContract } from '../contract/subscribers.ts'
import { openPeople } from './open-people.ts'

subscriberContract('SQLite', openPeople)

const person = { name: null, tier: null, newsletter: 'weekly', source: 'operator', again: false } as const

test('no byte of an erased person is left in the files of the store', async () => {
  const { database, subscribers, close } = await openPeople()
  onTestFinished(close)
  const erased = address('quetzalcoatl@example.org')
  await subscribers.add({ ...person, address: erased, name: 'Xochitlquetzal Smith' })
  for (let index = 0; index < 500; index++)
    await subscribers.add({ ...person, address: address(`reader${index}@example.org`) })
  await subscribers.suppress(erased, 'operator', 'Xochitlquetzal rang us up')
  await subscribers.erase(erased)
  const folder = dirname(database.file)
  for (const file of readdirSync(folder)) {
    const bytes = readFileSync(join(folder, file)).toString('latin1')
    expect(bytes).not.toContain('quetzalcoatl')
    expect(bytes).not.toContain('Xochitlquetzal')
  }
})

test('erasing a person takes their address out of what was sent to them, and keeps its state', async () => {
  const { database, subscribers, close } = await openPeople()
  onTestFinished(close)
  const ada = address('ada@example.org')
  await subscribers.add({ ...person, address: ada })
  const publicId = (await subscribers.find(ada))?.publicId ?? ''
  database
    .prepare(
      `insert into round (id, issue, newsletter, kind, number, state, transport, settings, editions, started_at)
       values (1, '2026-w01', 'weekly', 'real', 1, 'done', 'smtp', '{}', '{}', 0)`,
    )
    .run()
  database
    .prepare(
      `insert into delivery (round_id, subscriber_id, tier, address, state, updated_at)
       values (1, 1, 'subscriber', 'ada@example.org', 'accepted', 5)`,
    )
    .run()
  const { deliveriesTo } = openDeliveryReports(database)
  const sent = { round: { issue: '2026-w01' }, publicId, state: 'accepted', updatedAt: 5 }
  expect(await deliveriesTo(ada)).toMatchObject([{ ...sent, address: 'ada@example.org' }])
  await subscribers.erase(ada)
  expect(await deliveriesTo(ada)).toEqual([])
  expect(await deliveriesTo({ publicId })).toMatchObject([{ ...sent, address: null }])
  expect(database.prepare('select address from delivery').get()).toEqual({ address: null })
})

test('a store is not opened with another SECRET_KEY, which would forget who is suppressed', async () => {
  const { database, subscribers, close } = await openPeople()
  onTestFinished(close)
  await subscribers.add({ ...person, address: address('ada@example.org') })
  expect(() => openSubscriberStore(database, createTokens('another secret of more than 32 letters'))).toThrow(
    'SECRET_KEY is not the one that this store was made with.',
  )
})
