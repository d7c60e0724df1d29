import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { addPeople, address } from '../delivery/people.ts'
import { issue, startOperation, until, type Operation } from './operation.ts'
import { inFile } from '../store/in-file.ts'

let operation: Operation
/** What each message takes the server, in milliseconds. */
let slow: number
beforeEach(async () => {
  slow = 0
  operation = await startOperation({
    async onMessage() {
      if (slow > 0) await sleep(slow)
      return null
    },
  })
})
afterEach(() => operation.close())

const inSeconds = (seconds: number): string => new Date(Date.now() + seconds * 1_000).toISOString()

/** It is due now, or was so many minutes ago. */
function makeDue(minutesAgo = 0): void {
  inFile(operation.app, (database) =>
    database.prepare('update schedule set at = ?').run(Date.now() - minutesAgo * 60_000),
  )
}

const run = (...args: readonly string[]) => operation.run(...args)

const statusJson = async (): Promise<unknown> => JSON.parse((await run('status', issue, '--json')).stdout)

/** An editor’s change of the issue that keeps it in order. */
async function changeSubject(): Promise<void> {
  const file = join(operation.dir, 'briefs', issue, 'issue.md')
  await writeFile(file, (await readFile(file, 'utf8')).replace(/^subject: .*$/m, 'subject: Another subject'))
}

test('what is scheduled goes out at its time as it was approved, to whoever is subscribed then', async () => {
  const { app, sink } = operation
  await addPeople(app.subscribers, 4)
  const told = await run('send', issue, '--at', inSeconds(3_600), '--yes')
  expect(told.code).toBe(0)
  expect(told.stdout).toMatch(
    /^“.+” goes out on \w{3} \d+ \w{3} \d{4}, \d\d:\d\d \(\S+, UTC\S*\), in (59 min|1 h), through smtp:\/\/127\.0\.0\.1:\d+\.$/m,
  )
  expect(told.stdout).toMatch(/whoever is subscribed then gets it, today 4 people\.$/m)
  expect(told.stderr).toMatch(/^No worker is running that would start it: leave “onrecord serve”/m)
  expect(await statusJson()).toMatchObject([
    {
      issue,
      state: 'scheduled',
      reason: expect.stringMatching(/^it starts on .*UTC/),
      total: 0,
      finishedAt: null,
    },
  ])
  expect(await app.editions.published(issue)).toBeNull()

  await changeSubject()
  await addPeople(app.subscribers, 1, 'late')
  await app.subscribers.unsubscribe(address('reader1@reader.test'), 'weekly')
  const status = await run('status', issue)
  expect(status.stdout).toMatch(/^2025-w46: scheduled for .*, through smtp:/m)
  expect(status.stdout).toMatch(
    /Scheduled as approved on .*; the files have changed since, and what was approved/,
  )

  const worker = operation.start('worker')
  await until('it looks', () => worker.stderr.includes('looks for what is due'))
  const quiet = await run('send', issue, '--at', inSeconds(1_800), '--yes')
  expect(quiet.stdout).toMatch(/^“Another subject” goes out on .*\(before: /m)
  expect(quiet.stderr).toBe('')
  expect(sink.recipients).toEqual([])
  makeDue()
  await until('it is done', async () => (await app.deliveries.round(issue, 'real'))?.state === 'done')
  expect(sink.recipients.toSorted()).toEqual(
    ['late1', 'reader2', 'reader3', 'reader4'].map((name) => `${name}@reader.test`),
  )
  expect(sink.messages.get('late1@reader.test')).toMatch(/^Subject: Another subject/m)
  expect((await app.editions.published(issue))?.editions.public.subject).toBe('Another subject')
  expect(await statusJson()).toMatchObject([{ issue, state: 'done', accepted: 4, total: 4 }])
  expect(worker.stderr).toContain('"says":"2025-w46: starts as scheduled"}')
})

test('while it waits, “send” says so, “--cancel” takes it back, and a time that cannot be is refused', async () => {
  await addPeople(operation.app.subscribers, 2)
  expect((await run('send', issue, '--at', 'tomorrow 07:30', '--yes')).code).toBe(0)
  const send = await run('send', issue, '--yes')
  expect([send.code, send.stderr]).toEqual([
    1,
    expect.stringMatching(/^2025-w46 is scheduled for .*, 07:30 \(/),
  ])
  expect((await run('send', issue, '--pause')).stderr).toMatch(/is not being sent: it is scheduled for/)
  const back = await run('send', issue, '--cancel')
  expect(back.stdout).toMatch(
    /^2025-w46 is not scheduled any more \(it was, for .*\)\. Nothing of it was sent\.$/m,
  )
  expect((await run('send', issue, '--cancel')).stderr).toMatch(/^Nothing of 2025-w46 is being sent\.$/m)
  expect((await run('send', issue, '--at', inSeconds(-60))).stderr).toMatch(/ has passed\.$/m)
  expect((await run('send', issue, '--at', '2199-01-01 07:30')).stderr).toMatch(/is over a year from now\.$/m)
  expect((await run('send', issue, '--at', 'at noon')).code).toBe(2)
  expect((await run('send', issue, '--at', 'tomorrow 07:30', '--pause')).code).toBe(2)
  const asked = await run('send', issue, '--at', 'tomorrow 07:30')
  expect([asked.code, asked.stderr]).toEqual([1, expect.stringMatching(/^Nothing was scheduled for .+\.$/m)])
  expect((await run('send', issue, '--yes')).code).toBe(0)
  expect(operation.sink.recipients).toHaveLength(2)
  const file = join(operation.dir, 'briefs', issue, 'issue.md')
  const text = await readFile(file, 'utf8')
  await writeFile(file, text.replace('status: approved', 'status: draft'))
  const unsent = await run('send', '2025-w99', '--at', 'tomorrow 07:30')
  expect([unsent.code, unsent.stderr]).toEqual([1, expect.stringMatching(/2025-w99/)])
  const again = await run('send', issue, '--at', 'tomorrow 07:30', '--yes', '--json')
  expect(JSON.parse(again.stdout)).toMatchObject([{ issue, state: 'scheduled' }])
})

test('up to an hour late it still starts; later it waits for a person, and “send” sends it', async () => {
  const { app, sink } = operation
  await addPeople(app.subscribers, 2)
  await run('send', issue, '--at', 'tomorrow 07:30', '--yes')
  makeDue(61)
  const worker = operation.start('worker')
  await until('it says why not', () => worker.stderr.includes('not started: no worker was running'))
  expect(await statusJson()).toMatchObject([
    { issue, state: 'paused', reason: expect.stringMatching(/^no worker was running at its time/), total: 0 },
  ])
  expect((await run('status', issue)).stdout).toMatch(
    /paused; it was scheduled for .*\n {2}It did not start: no worker/,
  )
  await sleep(2_500)
  expect(sink.recipients).toEqual([])
  await run('send', issue, '--at', 'tomorrow 07:30', '--yes')
  makeDue(59)
  await until('it is done', async () => (await app.deliveries.round(issue, 'real'))?.state === 'done')
  expect(worker.stderr).toContain('"says":"2025-w46: starts as scheduled, 59 min late"}')
  expect(sink.recipients).toHaveLength(2)
})

test('held, it is sent now by “send”, which takes its place', async () => {
  const { app, sink } = operation
  await addPeople(app.subscribers, 2)
  await run('send', issue, '--at', 'tomorrow 07:30', '--yes')
  const { id = 0 } = (await app.schedule.get(issue, 'real')) ?? {}
  await app.schedule.hold(id, 'the machine was off')
  const send = await run('send', issue, '--yes')
  expect(send.stderr).toMatch(/^It was scheduled for .* and did not start: the machine was off\.$/m)
  expect([send.code, sink.recipients.length, await app.schedule.list()]).toEqual([0, 2, []])
})

test('workers that are killed before, while and after it starts lose nobody and mail nobody twice', async () => {
  const people = 400
  const { app, sink } = operation
  slow = 4
  await addPeople(app.subscribers, people)
  await run('send', issue, '--at', 'tomorrow 07:30', '--yes')
  makeDue()
  // What a killed one was freezing is gone on with after a minute.
  const letTimePass = (): void => {
    inFile(app, (database) =>
      database.exec(
        `update round set started_at = started_at - 61000 where state = 'freezing';
         update delivery set updated_at = updated_at - 61000 where state = 'queued'`,
      ),
    )
  }
  let kills = 0
  for (const delay of [250, 350, 400, 450, 500, 550, 600, 700, 1_500]) {
    const pair = [operation.start('worker'), operation.start('worker')]
    await sleep(delay)
    for (const { child } of pair) child.kill('SIGKILL')
    await Promise.all(pair.map(({ ended }) => ended))
    kills += 1
    letTimePass()
    expect(await app.deliveries.rounds()).toHaveLength((await app.schedule.list()).length === 1 ? 0 : 1)
  }
  slow = 0
  // It ends by itself, also where those before it have left it nothing to do.
  expect(await operation.start('worker', '--until-done').ended).toBe(0)
  expect((await app.deliveries.round(issue, 'real'))?.state).toBe('done')
  const status = await operation.status()
  expect(status.total).toBe(people)
  expect(status.accepted + status.unknown).toBe(people)
  expect(status.unknown).toBeLessThanOrEqual(2 * kills)
  expect([...sink.copies.values()].filter((count) => count > 1)).toEqual([])
  expect(new Set(sink.recipients).size).toBeGreaterThanOrEqual(status.accepted)
})

test('while another issue is being sent, it begins at its time with the audience of then', async () => {
  const { app } = operation
  await addPeople(app.subscribers, 300)
  slow = 20
  expect((await run('send', issue, '--at', 'tomorrow 07:30', '--yes')).code).toBe(0)
  makeDue()
  const worker = operation.start('worker', '--until-done')
  await until('it is under way', () => operation.sink.recipients.length > 5)
  const first = await app.deliveries.round(issue, 'real')
  const frozen = { issue: '2025-w47', kind: 'real', number: 1, newsletter: 'weekly' } as const
  const { editions = {}, transport = '' } = first ?? {}
  await app.schedule.set({ ...frozen, editions, transport, settings: {}, at: Date.now() })
  await until(
    'the other one has begun',
    async () => (await app.deliveries.round('2025-w47', 'real'))?.total === 300,
  )
  expect((await operation.status()).state).toBe('sending')
  slow = 0
  expect(await worker.ended).toBe(0)
  expect((await app.deliveries.round('2025-w47', 'real'))?.state).toBe('done')
})
