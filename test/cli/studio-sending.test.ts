import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createStudioSending } from '../../src/cli/studio-sending.ts'
import type { Sending, SendingStatus } from '../../src/studio/sending.ts'
import { addPeople } from '../delivery/people.ts'
import { workHere } from '../studio/build-here.ts'
import { issue, startOperation, until, type Operation } from './operation.ts'

let operation: Operation
let sending: Sending
/** What each message takes the server, in milliseconds. */
let slow: number
/** Process ids of workers that died, as the log tells. */
let log: string[]
beforeEach(() => {
  slow = 0
  log = []
})
afterEach(async () => {
  await sending.close()
  await operation.close()
})

async function open(change: Readonly<Record<string, string>> = {}, { thread = false } = {}): Promise<void> {
  operation = await startOperation(
    {
      async onMessage() {
        if (slow > 0) await sleep(slow)
        return null
      },
      onRecipient: (address) =>
        address.endsWith('@full.test') ? { code: 552, text: '5.2.2 the mailbox is full' } : null,
    },
    change,
  )
  sending = openSending(thread)
}

/** @param thread whether issues are built in a thread of their own, as the program does, and not here */
function openSending(thread = false): Sending {
  const rehearse = operation.app.config.smtp === null ? ['--rehearse'] : []
  return createStudioSending(operation.app, {
    command: [...operation.command, '--quiet', 'worker', '--until-done', ...rehearse],
    environment: operation.environment,
    ...(thread ? {} : { thread: workHere(operation.app.config) }),
    log: (_level, event, fields) => void log.push(`${event} ${JSON.stringify(fields)}`),
  })
}

const stateIs = (state: SendingStatus['state']) => async (): Promise<boolean> =>
  (await sending.status(issue))?.state === state

/** Nobody looks for something to send. */
const noWorker = async (): Promise<boolean> =>
  (await operation.app.hasWorker(operation.app.config.smtp === null ? 'rehearsal' : 'real')) === false

test('the number is typed, a process of its own sends, and it ends when nothing is left', async () => {
  await open({}, { thread: true })
  const { app, sink } = operation
  await addPeople(app.subscribers, 7)
  const plan = await sending.plan(issue)
  expect(plan).toMatchObject({
    ...{ issue, mode: 'first', audience: { subscriber: 4, member: 3, total: 7 }, before: null },
    ...{ server: { kind: 'smtp', label: `smtp://127.0.0.1:${sink.port}`, local: true }, blocks: [] },
    ...{ scheduled: null, notes: [expect.stringMatching(/is on this machine/)] },
  })
  await expect(sending.start(issue, { typed: 6, at: null, to: 'everybody' })).rejects.toThrow(
    'It would go to 7 now, not to 6.',
  )
  expect(await sending.status(issue)).toBeNull()
  await addPeople(app.subscribers, 1, 'late')
  await expect(sending.start(issue, { typed: 7, at: null, to: 'everybody' })).rejects.toMatchObject({
    code: 'refused',
  })

  const told: (SendingStatus | null)[] = []
  const stop = sending.onProgress(issue, (status) => void told.push(status))
  const started = await sending.start(issue, { typed: 8, at: null, to: 'everybody' })
  expect(started.state).toMatch(/^(scheduled|freezing|sending)$/)
  await until('it is done', stateIs('done'))
  await until('that is told', () => told.at(-1)?.state === 'done')
  stop()
  expect(told[0]).toBeNull()
  expect(told.at(-1)).toMatchObject({ waiting: 0, total: 8, counts: { accepted: 8 }, secondsLeft: null })
  expect(sink.recipients).toHaveLength(8)
  await until('the worker ends', noWorker)
  expect(log).toEqual([])

  const after = await sending.plan(issue)
  expect(after).toMatchObject({
    mode: 'again',
    audience: { total: 0 },
    before: { state: 'done', accepted: 8, unknown: 0 },
  })
  expect(after.blocks.map(({ text }) => text)).toEqual([
    'Everybody who is subscribed has it, or may have it.',
  ])
  await addPeople(app.subscribers, 2, 'new')
  expect((await sending.plan(issue)).audience.total).toBe(2)
  await sending.start(issue, { typed: 2, at: null, to: 'everybody' })
  await until('they have it', () => sink.recipients.length === 10)
  await until('it is done', stateIs('done'))
  expect(new Set(sink.recipients).size).toBe(10)
})

test('it is paused, gone on with, and cancelled in mid-send; what was cancelled goes on corrected', async () => {
  await open()
  const { app, sink } = operation
  await addPeople(app.subscribers, 200)
  slow = 20
  await sending.start(issue, { typed: 200, at: null, to: 'everybody' })
  await until('it is under way', () => sink.recipients.length > 5)
  const live = await sending.status(issue)
  expect(live).toMatchObject({ state: 'sending', total: 200, sender: true })
  await until('a rate is known', async () => ((await sending.status(issue))?.secondsLeft ?? 0) > 0)

  expect(await sending.pause(issue)).toMatchObject({ state: 'paused', reason: null })
  await until('the worker ends', noWorker)
  const paused = await sending.status(issue)
  expect(paused?.counts).toMatchObject({ accepted: sink.recipients.length, onWire: 0, unknown: 0 })
  const plan = await sending.plan(issue)
  expect(plan.blocks.map(({ text }) => text)).toContain(
    `The sending of ${issue} is paused: go on with it, or cancel it.`,
  )
  await expect(
    sending.start(issue, { typed: plan.audience.total, at: null, to: 'everybody' }),
  ).rejects.toMatchObject({
    code: 'refused',
  })

  await sending.resume(issue)
  await until('it goes on', () => sink.recipients.length > (paused?.counts.accepted ?? 0) + 5)
  const cancelled = await sending.cancel(issue)
  expect(cancelled?.state).toBe('cancelled')
  await until('the worker ends', noWorker)
  const { counts, total } = (await sending.status(issue)) ?? { counts: null, total: 0 }
  expect(counts).toMatchObject({ accepted: sink.recipients.length, queued: 0, unknown: 0 })
  expect((counts?.accepted ?? 0) + (counts?.cancelled ?? 0)).toBe(total)

  slow = 0
  const rest = await sending.plan(issue)
  expect(rest).toMatchObject({
    mode: 'corrected',
    audience: { total: 200 - sink.recipients.length },
    blocks: [],
  })
  await sending.start(issue, { typed: rest.audience.total, at: null, to: 'everybody' })
  await until('the rest have it', stateIs('done'))
  expect([...sink.copies.values()].filter((count) => count > 1)).toEqual([])
  expect(new Set(sink.recipients).size).toBe(200)
})

test('a worker that is killed is started again; nobody gets it twice, and who may have it is listed', async () => {
  await open()
  const { app, sink } = operation
  await addPeople(app.subscribers, 200)
  slow = 15
  await sending.start(issue, { typed: 200, at: null, to: 'everybody' })
  await until('it is under way', () => sink.recipients.length > 20)
  const pids = await childrenOf(process.pid)
  for (const pid of pids) process.kill(pid, 'SIGKILL')
  await until('its end is told', () => log.some((line) => line.includes('SIGKILL')))
  expect(pids).toHaveLength(1)
  expect(await sending.status(issue)).toMatchObject({
    ...{ state: 'sending', sender: false },
    notes: [expect.stringMatching(/^Nobody is sending now: \d+ people wait/), ...[expect.anything()]],
  })
  slow = 0
  await until('it is done', stateIs('done'))
  const result = await sending.result(issue)
  const { accepted = 0, unknown = 0 } = result?.status.counts ?? {}
  expect(accepted + unknown).toBe(200)
  expect(unknown).toBeLessThanOrEqual(2)
  expect(result?.unknowns).toHaveLength(unknown)
  expect([...sink.copies.values()].filter((count) => count > 1)).toEqual([])
})

test('a Ctrl-C that reaches the worker before the studio closes brings no other one', async () => {
  await open()
  const { app, sink } = operation
  await addPeople(app.subscribers, 100)
  slow = 20
  await sending.start(issue, { typed: 100, at: null, to: 'everybody' })
  await until('it is under way', () => sink.recipients.length > 5)
  for (const pid of await childrenOf(process.pid)) process.kill(pid, 'SIGINT')
  await until('it ends', noWorker)
  await sending.close()
  expect(log).toEqual([])
  const left = await operation.status()
  expect(left).toMatchObject({ state: 'sending', onWire: 0, unknown: 0, accepted: sink.recipients.length })
  expect(left.queued).toBeGreaterThan(0)
})

test('closing the studio lets what is on the wire finish, and the next one goes on', async () => {
  await open()
  const { app, sink } = operation
  await addPeople(app.subscribers, 150)
  slow = 20
  await sending.start(issue, { typed: 150, at: null, to: 'everybody' })
  await until('it is under way', () => sink.recipients.length > 5)
  await sending.close()
  expect(await noWorker()).toBe(true)
  const left = await operation.status()
  expect(left).toMatchObject({ state: 'sending', onWire: 0, unknown: 0, accepted: sink.recipients.length })
  expect(left.queued).toBeGreaterThan(0)
  slow = 0
  sending = openSending()
  expect(await sending.status(issue)).toMatchObject({ sender: false })
  await sending.resume(issue)
  await until('it is done', stateIs('done'))
  expect(new Set(sink.recipients).size).toBe(150)
  expect(sink.recipients).toHaveLength(150)
})

test('at a time: it waits, is moved and taken back, starts by itself, and the next studio keeps to it', async () => {
  await open()
  const { app, sink } = operation
  await addPeople(app.subscribers, 3)
  await expect(sending.start(issue, { typed: 3, at: '2027-03-28 02:30', to: 'everybody' })).rejects.toThrow()
  const waits = await sending.start(issue, { typed: 3, at: 'tomorrow 07:30', to: 'everybody' })
  expect(waits).toMatchObject({
    ...{ state: 'scheduled', reason: null, total: 0 },
    scheduled: { held: null, change: null, at: { inFull: expect.stringMatching(/, 07:30 \(/) } },
  })
  await until('the worker is there', async () => !(await noWorker()))
  expect((await sending.scheduled()).map((each) => [each.issue, each.worker])).toEqual([[issue, true]])
  await expect(sending.start(issue, { typed: 3, at: null, to: 'everybody' })).rejects.toThrow(
    `${issue} is scheduled for`,
  )
  await expect(sending.pause(issue)).rejects.toThrow('has not started yet')
  expect(await sending.cancel(issue)).toBeNull()
  await until('the worker ends', noWorker)

  const at = new Date(Date.now() + 5_000).toISOString()
  await sending.start(issue, { typed: 3, at, to: 'everybody' })
  await sending.close()
  expect(sink.recipients).toEqual([])
  sending = openSending()
  await until('it is done', stateIs('done'))
  expect(sink.recipients).toHaveLength(3)
  const { startedAt } = (await sending.status(issue)) ?? { startedAt: { at: '' } }
  expect(Date.parse(startedAt.at)).toBeGreaterThanOrEqual(Date.parse(at))
})

test('sent back by somebody after it was scheduled, it is said not to start, and is not started by hand', async () => {
  await open()
  const { app } = operation
  await addPeople(app.subscribers, 2)
  await sending.start(issue, { typed: 2, at: 'tomorrow 07:30', to: 'everybody' })
  expect((await sending.plan(issue)).scheduled).toMatchObject({ sentBack: false })
  await app.approvals.record({ issue, step: 'draft', parts: [], editions: null, by: 'Ada', note: null })
  expect((await sending.plan(issue)).scheduled).toMatchObject({ sentBack: true, held: null })
  await until('the worker is there', async () => !(await noWorker()))
  expect((await sending.status(issue))?.notes).toEqual([expect.stringMatching(/^It was sent back after/)])
  const { id = 0 } = (await app.schedule.get(issue, 'real')) ?? {}
  await app.schedule.hold(id, 'the machine was off')
  await expect(sending.resume(issue)).rejects.toThrow(`${issue} was sent back after it was scheduled.`)
})

test('held, it goes on with what was approved; changed files are told and do not go out', async () => {
  await open()
  const { app, sink } = operation
  await addPeople(app.subscribers, 2)
  await sending.start(issue, { typed: 2, at: 'tomorrow 07:30', to: 'everybody' })
  const file = join(operation.dir, 'briefs', issue, 'issue.md')
  await writeFile(file, (await readFile(file, 'utf8')).replace(/^subject: .*$/m, 'subject: Another subject'))
  const { id = 0 } = (await app.schedule.get(issue, 'real')) ?? {}
  await app.schedule.hold(id, 'the machine was off')
  expect((await sending.plan(issue)).scheduled).toMatchObject({
    held: 'the machine was off',
    change: expect.stringMatching(/^Scheduled as approved on .*; the files have changed since/),
  })
  expect(await sending.resume(issue)).toMatchObject({
    state: expect.stringMatching(/scheduled|freezing|sending/),
  })
  await until('it is done', stateIs('done'))
  expect(sink.messages.size).toBe(2)
  expect((sink.messages.get('reader1@reader.test') ?? '').includes('Another subject')).toBe(false)
})

test('what became of it: by state, by domain, and what servers said in words; tests go to one', async () => {
  await open()
  const { app, sink } = operation
  await addPeople(app.subscribers, 6, 'reader', ['reader.test', 'full.test'])
  expect(await sending.result(issue)).toBeNull()
  expect(await sending.test(issue, 'me@reader.test', 'member')).toMatchObject({
    ...{ accepted: true, to: 'me@reader.test', tier: 'member', reply: expect.stringMatching(/^250/) },
    words: expect.stringMatching(/^A test went to me@reader\.test through smtp:/),
  })
  expect(sink.recipients).toEqual(['me@reader.test'])
  expect(await sending.test(issue, 'me@full.test', 'public')).toMatchObject({
    ...{ accepted: false, reply: expect.stringMatching(/^552/) },
    words: expect.stringMatching(/^The test was refused: 552/),
  })
  await expect(sending.test(issue, 'me at home', 'public')).rejects.toMatchObject({ code: 'usage' })
  await expect(sending.plan('2025-w99')).rejects.toMatchObject({ code: 'not-found' })

  await sending.start(issue, { typed: 6, at: null, to: 'everybody' })
  await until('it is done', stateIs('done'))
  expect(await sending.result(issue)).toMatchObject({
    status: { counts: { accepted: 3, rejected: 3 } },
    domains: [
      { domain: 'full.test', refused: 3, accepted: 0 },
      { domain: 'reader.test', refused: 0, accepted: 3 },
    ],
    domainCount: 2,
    troubles: [{ words: 'full.test refused 3 messages: the mailbox is full.', state: 'rejected', count: 3 }],
    unknowns: [],
  })
})

test('members first and all others later: nobody twice, and nobody of the one tier in the other’s time', async () => {
  await open()
  const { app, sink } = operation
  await addPeople(app.subscribers, 9)
  await expect(sending.start(issue, { typed: 9, at: null, to: 'member' })).rejects.toThrow(
    'It would go to 3 now, not to 9.',
  )
  await sending.start(issue, { typed: 3, at: null, to: 'member' })
  await until('it is done', stateIs('done'))
  expect(sink.recipients.toSorted()).toEqual([
    'reader1@reader.test',
    'reader4@reader.test',
    'reader7@reader.test',
  ])
  expect(await sending.status(issue)).toMatchObject({ to: 'member', total: 3 })
  expect(await sending.plan(issue)).toMatchObject({
    ...{ mode: 'again', audience: { subscriber: 6, member: 0, total: 6 }, leftOut: { had: 3 } },
  })
  await expect(sending.start(issue, { typed: 0, at: null, to: 'member' })).rejects.toThrow('Nobody of those')
  await sending.start(issue, { typed: 6, at: null, to: 'subscriber' })
  await until('the others have it', () => sink.recipients.length === 9)
  await until('it is done', stateIs('done'))
  expect(new Set(sink.recipients).size).toBe(9)
  expect((await sending.rounds(issue)).map(({ total, to }) => [total, to])).toEqual([[9, 'subscriber']])
})

test('what was begun for members stays for members: paused before anything went out, changed, gone on with', async () => {
  await open()
  const { app, sink } = operation
  await addPeople(app.subscribers, 6)
  await sending.start(issue, { typed: 2, at: 'tomorrow 07:30', to: 'member' })
  const scheduled = await app.schedule.get(issue, 'real')
  const round = await app.schedule.begin(scheduled?.id ?? 0)
  await app.deliveries.setState(round?.id ?? 0, 'paused', 'paused by the operator')
  const file = join(operation.dir, 'briefs', issue, 'issue.md')
  await writeFile(file, (await readFile(file, 'utf8')).replace(/^subject: .*$/m, 'subject: Another subject'))
  const { ended } = operation.start('send', issue, '--yes')
  expect(await ended).toBe(0)
  expect(sink.recipients.toSorted()).toEqual(['reader1@reader.test', 'reader4@reader.test'])
  expect(sink.messages.get('reader1@reader.test')).toContain('Another subject')
})

test('without a server all of it is a rehearsal into the outbox', async () => {
  await open({ SMTP_URL: '' })
  const { app } = operation
  await addPeople(app.subscribers, 5)
  const plan = await sending.plan(issue)
  expect(plan).toMatchObject({
    audience: { total: 5 },
    server: { kind: 'outbox', label: 'the outbox' },
    blocks: [],
  })
  await sending.start(issue, { typed: 5, at: null, to: 'everybody' })
  await until('it is done', stateIs('done'))
  expect(await sending.status(issue)).toMatchObject({ kind: 'rehearsal', counts: { accepted: 5 } })
  const kept = await readdir(join(operation.dir, 'data', 'outbox'))
  expect(kept.filter((name) => name.endsWith('.eml'))).toHaveLength(5)
  expect(await app.editions.published(issue)).toBeNull()

  // It counts for nothing, so that the same issue is rehearsed again for everybody.
  expect(await sending.plan(issue)).toMatchObject({ mode: 'first', audience: { total: 5 }, blocks: [] })
  await sending.start(issue, { typed: 5, at: null, to: 'everybody' })
  await until(
    'it is done again',
    async () => (await sending.rounds(issue)).filter(({ state }) => state === 'done').length === 2,
  )
  expect(await sending.status(issue)).toMatchObject({ counts: { accepted: 5 } })
  expect(await app.editions.published(issue)).toBeNull()
})

/** Processes that a process has started and that run a worker. */
async function childrenOf(parent: number): Promise<number[]> {
  const found: number[] = []
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const read = (file: string): Promise<string> => readFile(`/proc/${name}/${file}`, 'utf8').catch(() => '')
    const isChild = (await read('stat')).split(') ').at(-1)?.split(' ')[1] === String(parent)
    if (isChild && (await read('cmdline')).includes(operation.dir)) found.push(Number(name))
  }
  return found
}
