import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { theRound, withApp } from './fault-app.ts'
import { openFaultBed } from './fault-bed.ts'
import { fill, finish, standing, type KillRun } from './kill-run.ts'
import { startSender } from './start-sender.ts'
import { inFile } from '../store/in-file.ts'

const CONNECTIONS = 5

test.each([
  ['everybody who is waiting unsubscribes', 'unsubscribe', { state: 'done', left: 'suppressed' }],
  ['it is paused', 'pause', { state: 'paused', left: 'queued' }],
  ['it is cancelled', 'cancel', { state: 'cancelled', left: 'cancelled' }],
] as const)(
  'in mid-send %s from another process: no message begins after the commit',
  async (_, what, ends) => {
    const run = await openRun(1_000)
    const elsewhere = fork(join(import.meta.dirname, 'elsewhere-process.ts'), [run.folder, what])
    await once(elsewhere, 'message')
    const { child, end } = startSender({ ...run, port: run.sink.port })
    while (child.exitCode === null && (await run.sink.count()) < 150) await sleep(2)
    elsewhere.send('now')
    const [addresses] = (await once(elsewhere, 'message')) as [readonly string[]]
    const begun = new Set(addresses)
    const report = await end

    const reached = (await run.sink.log()).map(({ to }) => to)
    expect(reached.filter((to) => !begun.has(to))).toEqual([])
    expect(begun.size).toBeLessThan(run.people)
    expect(report?.status).toMatchObject({
      ...{ state: ends.state, total: run.people, accepted: begun.size, unknown: 0, onWire: 0, claimed: 0 },
      [ends.left]: run.people - begun.size,
    })
  },
  60_000,
)

test('a sender that is stopped for a while and goes on writes nothing twice, and nobody sends in its place', async () => {
  const run = await openRun(1_000)
  const first = startSender({ ...run, port: run.sink.port })
  while (first.child.exitCode === null && (await run.sink.count()) < 150) await sleep(2)
  first.child.kill('SIGSTOP')
  const second = startSender({ ...run, port: run.sink.port })
  // What was in the wires arrives; then, with the first one stopped, nothing does.
  await sleep(1_500)
  const before = await run.sink.count()
  expect(before).toBeLessThan(run.people)
  await sleep(500)
  expect(await run.sink.count()).toBe(before)
  first.child.kill('SIGCONT')
  const reports = await Promise.all([first.end, second.end])
  expect(reports.map((report) => report?.status.state)).toEqual(['done', 'done'])
  expect(await standing(run)).toMatchObject({ accepted: run.people, unknown: 0, lost: 0, duplicates: 0 })
  await expectOneAttemptEach(run)
}, 60_000)

test('a stopped sender that is killed instead gives its place to the one that waits', async () => {
  const run = await openRun(1_000)
  const first = startSender({ ...run, port: run.sink.port })
  while (first.child.exitCode === null && (await run.sink.count()) < 150) await sleep(2)
  first.child.kill('SIGSTOP')
  const second = startSender({ ...run, port: run.sink.port })
  await sleep(800)
  first.child.kill('SIGKILL')
  expect((await second.end)?.status.state).toBe('done')
  const held = await standing(run)
  expect(held).toMatchObject({ people: run.people, lost: 0, duplicates: 0 })
  expect(held.unknown).toBeLessThanOrEqual(CONNECTIONS)
  await finish(run)
  expect(await standing(run)).toEqual(held)
  await expectOneAttemptEach(run)
}, 60_000)

async function openRun(people: number): Promise<KillRun> {
  const bed = await openFaultBed({ thinking: 12 })
  const run = { ...bed, people, connections: CONNECTIONS, keyFile: null }
  await fill(run)
  return run
}

/** Each row was begun once. */
async function expectOneAttemptEach({ folder }: KillRun): Promise<void> {
  const most = await withApp(folder, async (app) => {
    const { id } = await theRound(app)
    return inFile(app, (database) =>
      database
        .prepare('select min(attempts) as least, max(attempts) as most from delivery where round_id = ?')
        .get(id),
    )
  })
  expect(most).toEqual({ least: 1, most: 1 })
}
