import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ScheduleDesk } from '../../src/delivery/schedule-issue.ts'
import { scheduleIssue } from '../../src/delivery/schedule-issue.ts'
import { startScheduled } from '../../src/delivery/start-scheduled.ts'
import { runWorker } from '../../src/delivery/worker.ts'
import { openDeliveryReports } from '../../src/store/delivery-report.ts'
import { openDatabase } from '../../src/store/sqlite.ts'
import { openDesk, readyIssue, type TestDesk } from './desk.ts'
import { addPeople, address } from './people.ts'
import { scriptedServer } from './scripted-server.ts'

const issue = '2025-w46'
const at = Date.parse('2026-11-24T06:30:00Z')
const minute = 60_000
const server = { kind: 'smtp', label: 'smtp://test', local: true } as const

let desk: TestDesk
let clock: { time: number; now(): number }
let lines: string[]
beforeEach(() => {
  clock = { time: at - 60 * minute, now: () => clock.time }
  desk = openDesk(undefined, clock)
  lines = []
})
afterEach(() => desk.close())

const schedule = (version = 'one', change = {}) =>
  scheduleIssue(desk, issue, {
    transport: server,
    ready: async () => readyIssue(issue, version),
    at,
    ...change,
  })

const start = (
  over: Partial<ScheduleDesk> = {},
  through = async () => server as { kind: 'smtp'; label: string; local: boolean },
) =>
  startScheduled(
    { ...desk, ...over },
    {
      ...{ kind: 'real', now: clock.time, through, interrupted: new AbortController().signal },
      log: (line) => void lines.push(line),
    },
  )

const round = () => desk.deliveries.round(issue, 'real')

test('nothing begins before its time, nor when the clock is set back; at its time it does, once', async () => {
  await addPeople(desk.subscribers, 3)
  await schedule()
  clock.time = at - 1
  await start()
  clock.time = at - 3 * 60 * minute
  await start()
  expect(await round()).toBeNull()
  clock.time = at
  await start()
  await start()
  expect(await round()).toMatchObject({ state: 'sending', total: 3, startedAt: at, number: 1 })
  expect(lines).toEqual([`${issue}: starts as scheduled`])
  await expect(schedule()).rejects.toThrow(`The sending of ${issue} is in flight`)
})

test('a machine that slept starts it up to an hour late; a clock that jumps ahead holds it', async () => {
  await addPeople(desk.subscribers, 1)
  await schedule()
  clock.time = at + 60 * minute + 1
  await start()
  await start()
  expect(lines).toEqual([
    expect.stringMatching(/^2025-w46: not started: no worker was running at its time, nor within an hour/),
  ])
  expect(await desk.schedule.get(issue, 'real')).toMatchObject({ held: expect.stringMatching(/^no worker/) })
  await schedule()
  clock.time = at + 60 * minute
  await start()
  expect(lines.at(-1)).toBe(`${issue}: starts as scheduled, 1 h late`)
})

test('what must not be sent then is held with its reason, and what only fails now is tried again', async () => {
  await addPeople(desk.subscribers, 1)
  await schedule()
  clock.time = at
  await expect(start({}, async () => Promise.reject(new Error('the disk is full')))).rejects.toThrow('disk')
  expect(await desk.schedule.get(issue, 'real')).toMatchObject({ held: null })
  await start({}, async () => ({ ...server, local: false }))
  expect(lines).toEqual([
    expect.stringMatching(/^2025-w46: not started: Readers could not open the unsubscribe link/),
  ])
  await schedule()
  const restored = async () => ({ backupAt: 0, restoredAt: 0, confirmed: [] })
  await start({ deliveries: { ...desk.deliveries, restored } })
  expect(lines.at(-1)).toMatch(/^2025-w46: not started: The store was restored from a backup/)
  expect(await round()).toBeNull()
})

test('an issue that somebody sent back since is held; approved again, it starts; a change of its files holds nothing', async () => {
  await addPeople(desk.subscribers, 1)
  const step = { issue, parts: [], editions: null, by: 'Ada', note: null }
  await desk.approvals.record({ ...step, step: 'approved' })
  clock.time += minute
  await schedule()
  clock.time += minute
  await desk.approvals.record({ ...step, step: 'draft' })
  clock.time = at
  await start()
  expect(lines).toEqual([
    expect.stringMatching(
      /^2025-w46: not started: it was sent back after it was scheduled: approve it again/,
    ),
  ])
  expect(await round()).toBeNull()
  const { id = 0 } = (await desk.schedule.get(issue, 'real')) ?? {}
  await desk.approvals.record({ ...step, step: 'approved' })
  await desk.schedule.release(id, at)
  await start()
  expect(await round()).toMatchObject({ state: 'sending', total: 1 })
})

test('whoever joined or left meanwhile is right; nobody left at all, it is done', async () => {
  await addPeople(desk.subscribers, 1)
  await schedule()
  await desk.subscribers.unsubscribe(address('reader1@reader.test'), 'weekly')
  clock.time = at
  await start()
  expect(await round()).toMatchObject({ state: 'done', total: 0 })
})

test('the text is that of when it was scheduled, and scheduling again takes the new one and the new time', async () => {
  await addPeople(desk.subscribers, 1)
  const first = await schedule('one')
  const second = await schedule('two', { at: at + minute })
  expect([first.editions.member, second.editions.member]).toEqual([
    ...[`${issue}-member-one`, `${issue}-member-two`],
  ])
  clock.time = at
  await start()
  expect(await round()).toBeNull()
  clock.time = at + minute
  await start()
  expect(await round()).toMatchObject({ editions: second.editions })
  expect((await desk.editions.published(issue))?.editions.public.hash).toBe(`${issue}-public-two`)
})

test('a start that is cut short while it freezes is gone on with by a worker a minute later, to everybody once', async () => {
  await addPeople(desk.subscribers, 9)
  await schedule()
  clock.time = at
  const freezeChunk = async (id: number): Promise<never> => {
    await desk.deliveries.freezeChunk(id, 4)
    throw new Error('killed')
  }
  await expect(start({ deliveries: { ...desk.deliveries, freezeChunk } })).rejects.toThrow('killed')
  expect(await round()).toMatchObject({ state: 'freezing' })
  const database = openDatabase(`${desk.folder}/onrecord.db`, clock)
  const stop = new AbortController()
  const sink = scriptedServer({ connections: 1, random: () => 0 })
  const wait = setTimeout(() => (clock.time += 61_000), 200)
  await runWorker(
    { ...desk, reports: openDeliveryReports(database) },
    {
      ...{ interrupted: stop.signal, every: 5, untilDone: true, clock, openTransport: async () => sink },
      log: (line) => void lines.push(line),
    },
  )
  clearTimeout(wait)
  database.close()
  expect(await round()).toMatchObject({ state: 'done', total: 9 })
  expect(sink.taken).toHaveLength(9)
})
