import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { createTokens } from '../../src/core/token.ts'
import { openSubscriberStore } from '../../src/store/subscribers.ts'
import { address, subscriberContract } from '../contract/subscribers.ts'
import { openPeople } from './open-people.ts'
import { collect } from '../collect.ts'

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
  const sent = { issue: '2026-w01', newsletter: 'weekly', rehearsal: false, state: 'accepted', at: 5 }
  expect(await subscribers.received(ada)).toEqual([sent])
  await subscribers.erase(ada)
  expect(await subscribers.received({ publicId })).toEqual([sent])
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

test('an import that is killed at any moment and run again ends as one that was not', async () => {
  const whole = await importWith([])
  expect(whole).toHaveLength(20_000)
  expect(await importWith([1, 4_000, 13_000])).toEqual(whole)
})

/** Imports 20,000 rows, killing the process each time that so many are in the store. */
async function importWith(killAt: readonly number[]): Promise<unknown[]> {
  const { database, subscribers, close } = await openPeople()
  onTestFinished(close)
  const start = (): ChildProcess =>
    spawn(process.execPath, [join(import.meta.dirname, 'import-process.ts'), database.file], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
  const count = (): number => Number(database.prepare('select count(*) as n from subscriber').get()?.['n'])
  for (const rows of killAt) {
    const child = start()
    const ended = once(child, 'exit')
    while (count() < rows && child.exitCode === null) await setTimeout(2)
    child.kill('SIGKILL')
    expect(await ended).toEqual([null, 'SIGKILL'])
    expect(count()).toBeLessThan(20_000)
  }
  expect(await once(start(), 'exit')).toEqual([0, null])
  expect(database.prepare('pragma integrity_check').get()).toEqual({ integrity_check: 'ok' })
  const people = await collect(subscribers.list())
  return people.map((each) => [each.address, each.name, each.tier, each.subscriptions[0]?.state])
}
