import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { collect } from '../collect.ts'
import { openPeople } from '../store/open-people.ts'

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
  const proofs = database.prepare('select kind from consent where subscriber_id = ? order by id')
  return people.map((each) => [
    each.address,
    each.name,
    each.tier,
    each.subscriptions[0]?.state,
    proofs.all(each.id).map((row) => row['kind']),
  ])
}
