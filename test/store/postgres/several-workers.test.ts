import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTokens } from '../../../src/core/token.ts'
import type { Leases } from '../../../src/delivery/leases.ts'
import { noLimits, type Limits } from '../../../src/delivery/limits.ts'
import { sendIssue } from '../../../src/delivery/send-issue.ts'
import type { RoundStatus } from '../../../src/delivery/status.ts'
import type { DeliveryStore } from '../../../src/delivery/store.ts'
import { runWorker } from '../../../src/delivery/worker.ts'
import { openPostgresDeliveries } from '../../../src/store/postgres/deliveries.ts'
import { openPostgresReports } from '../../../src/store/postgres/delivery-report.ts'
import { openPostgresApprovals } from '../../../src/store/postgres/approvals.ts'
import { openPostgresEditions } from '../../../src/store/postgres/editions.ts'
import { openJobs } from '../../../src/store/postgres/jobs.ts'
import { openPace } from '../../../src/store/postgres/pace.ts'
import { openPool, type Postgres } from '../../../src/store/postgres/pool.ts'
import { openCommonLimits } from '../../../src/store/postgres/sender-limits.ts'
import { openPostgresSchedule } from '../../../src/store/postgres/schedule.ts'
import { lockPostgresSender } from '../../../src/store/postgres/sender-lock.ts'
import { openPostgresSubscribers } from '../../../src/store/postgres/subscribers.ts'
import { startPostgres, type PostgresBed } from '../../contract/postgres-bed.ts'
import { readyIssue, transportTo } from '../../delivery/desk.ts'
import { addPeople } from '../../delivery/people.ts'
import { startSink, type Sink } from '../../delivery/sink.ts'

const PEOPLE = 300
const ISSUE = '2025-w46'
const tokens = createTokens('a secret of more than thirty-two characters')

let bed: PostgresBed
let folder: string
let sink: Sink
let database: Postgres & { readonly url: string }
const closing: (() => Promise<unknown>)[] = []
beforeAll(async () => {
  bed = await startPostgres()
  folder = mkdtempSync(join(tmpdir(), 'onrecord-workers-'))
})
afterAll(async () => {
  await bed.stop()
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(async () => {
  sink = await startSink()
  database = await bed.open()
  await addPeople(openPostgresSubscribers(database, tokens), PEOPLE)
})
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
  await database.close()
  await sink.close()
})

/** All that one process would have, on a pool of its own. */
function openDesk() {
  const pool = openPool(database.url, { connections: 4 })
  closing.push(() => pool.close())
  const wakes = openJobs(pool)
  closing.push(() => wakes.close())
  const deliveries: DeliveryStore & Leases = openPostgresDeliveries(pool, { slice: 20 })
  return {
    ...{ tokens, deliveries, signer: null, leases: deliveries, pace: openPace(pool) },
    ...{ imagesDir: join(folder, 'images'), reports: openPostgresReports(pool) },
    ...{ editions: openPostgresEditions(pool), schedule: openPostgresSchedule(pool) },
    approvals: openPostgresApprovals(pool),
    commonLimits: openCommonLimits(pool),
    ...{ lockSender: (of?: number) => lockPostgresSender(pool, of), wakes },
  }
}

/** A worker that looks often, unless told otherwise; `end` asks it to, and waits for it. */
function startWorker(limits: Partial<Limits> = {}, every = 50, through = sink) {
  const ending = new AbortController()
  const lines: string[] = []
  const running = runWorker(openDesk(), {
    openTransport: async () => transportTo(through.port, { connections: 1 }),
    interrupted: ending.signal,
    log: (line) => lines.push(line),
    every,
    limits,
  })
  const end = async (): Promise<void> => {
    ending.abort()
    await running
  }
  closing.push(end)
  return { lines, end, sent: () => Number(/, (\d+) more accepted/.exec(lines.join('\n'))?.[1] ?? 0) }
}

const send = (
  limits: Partial<Limits> = {},
  onProgress: (status: RoundStatus) => void = () => undefined,
  interrupted = new AbortController().signal,
) =>
  sendIssue(openDesk(), ISSUE, {
    transport: transportTo(sink.port, { connections: 1 }),
    ready: async () => readyIssue(),
    ...{ limits, onProgress, interrupted },
  })

const once = (): boolean => [...sink.copies.values()].every((copies) => copies === 1)

test('a send and two workers share a round; the send shows all of it, and ends when all of it is done', async () => {
  const workers = [startWorker({ perSecond: 400 }), startWorker({ perSecond: 400 })]
  const seen: RoundStatus[] = []
  const { status } = await send({ perSecond: 400 }, (each) => seen.push(each))
  expect(status).toMatchObject({ state: 'done', accepted: PEOPLE, total: PEOPLE })
  expect(sink.copies.size).toBe(PEOPLE)
  expect(once()).toBe(true)
  expect(seen.at(-1)).toMatchObject({ accepted: PEOPLE })
  for (const { queued, claimed, onWire, accepted, total } of seen)
    if (total === PEOPLE) expect(queued + claimed + onWire + accepted).toBe(PEOPLE)
  for (const { lines } of workers) {
    expect(lines.join('\n')).toMatch(/goes on through smtp:\/\/sink/)
    // Who ends before the last one says who goes on.
    for (const line of lines) if (line.includes(': sending,')) expect(line).toMatch(/others have the rest$/)
  }
})

test('a worker that comes in mid-send takes its share at once, and what it is asked to leave others take', async () => {
  const perSecond = 100
  const sending = send({ perSecond })
  await expect.poll(() => sink.copies.size, { timeout: 10_000 }).toBeGreaterThan(20)
  // What it sends itself is told apart by going elsewhere.
  const own = await startSink()
  closing.push(() => own.close())
  const cold = startWorker({ perSecond }, 50, own)
  await expect.poll(() => own.copies.size).toBeGreaterThan(0)
  await cold.end()
  expect(cold.lines.join('\n')).toMatch(/: sending, [1-9]\d* more accepted/)
  expect(cold.lines.join('\n')).not.toContain('others')
  const { status } = await sending
  expect(status).toMatchObject({ state: 'done', accepted: PEOPLE, unknown: 0 })
  expect(sink.copies.size + own.copies.size).toBe(PEOPLE)
  expect([...own.copies.keys()].filter((each) => sink.copies.has(each))).toEqual([])
})

test('a send without a limit keeps to that of whoever is there and has one, and says so', async () => {
  const desk = openDesk()
  const transport = transportTo(sink.port, { connections: 1 })
  const said = await desk.commonLimits.say(transport.label, { ...noLimits, perSecond: 200 })
  expect(await openCommonLimits(database).said('smtp://another')).toEqual([])
  const told: string[] = []
  const begun = performance.now()
  await sendIssue(desk, ISSUE, {
    ...{ transport, ready: async () => readyIssue(), onOtherLimits: (says) => told.push(says) },
  })
  // All but a tenth of a second's worth, which may go at once.
  expect(performance.now() - begun).toBeGreaterThan(((PEOPLE - 20) / 200) * 1_000 * 0.95)
  expect(told).toEqual([expect.stringContaining('SEND_RATE is not set here and 200 elsewhere')])
  await said.release()
  // The clock was set back, and who spoke then is dead.
  await database.run(
    `insert into sender_limits (sender, server, limits, seen_at) values ('dead', $1, '{}', database_now() + 60000)`,
    [transport.label],
  )
  expect(await desk.commonLimits.said(transport.label)).toEqual([])
})

test('the limit of somebody who was killed is kept no longer than they are taken to be there', async () => {
  const desk = openDesk()
  const transport = transportTo(sink.port, { connections: 1 })
  const killed = await desk.commonLimits.say(transport.label, { ...noLimits, perSecond: 2 })
  const stop = new AbortController()
  const sending = sendIssue(desk, ISSUE, {
    ...{ transport, ready: async () => readyIssue(), agreeEvery: 50, interrupted: stop.signal },
  })
  await expect.poll(() => sink.copies.size, { timeout: 10_000 }).toBeGreaterThan(1)
  await killed.release()
  // At two a second it would be two and a half minutes.
  const late = setTimeout(() => stop.abort(), 20_000)
  expect((await sending).status).toMatchObject({ state: 'done', accepted: PEOPLE })
  clearTimeout(late)
  expect(once()).toBe(true)
})

test('an issue whose deliveries were taken out of the store is not sent again, which would be to everybody', async () => {
  await send()
  await database.run('delete from delivery')
  await expect(send()).rejects.toMatchObject({
    code: 'refused',
    message: expect.stringContaining('taken out'),
  })
  expect(await openDesk().deliveries.round(ISSUE, 'real')).toMatchObject({ state: 'done' })
  expect(sink.copies.size).toBe(PEOPLE)
})

test('a send wakes workers that look once a minute, one after another', async () => {
  const workers = [startWorker({ perSecond: 40 }, 60_000), startWorker({ perSecond: 40 }, 60_000)]
  // They have looked.
  await sleep(500)
  const stop = new AbortController()
  const sending = send({ perSecond: 40 }, undefined, stop.signal)
  for (const { lines } of workers)
    await expect.poll(() => lines.join('\n'), { timeout: 5_000 }).toMatch(/goes on/)
  stop.abort()
  expect((await sending).status.state).toBe('paused')
  for (const { end } of workers) await end()
})

test('who only joined a round leaves it going; who set it going pauses it for all', async () => {
  const limits = { perSecond: 100 }
  const first = new AbortController()
  const sending = send(limits, undefined, first.signal)
  await expect.poll(() => sink.copies.size, { timeout: 10_000 }).toBeGreaterThan(10)
  const second = new AbortController()
  const joined = send(limits, undefined, second.signal)
  await sleep(200)
  second.abort()
  expect(await joined).toMatchObject({ interrupted: true, status: { state: 'sending' } })
  first.abort()
  expect(await sending).toMatchObject({ status: { state: 'paused', reason: 'interrupted', unknown: 0 } })
  expect((await send()).status).toMatchObject({ state: 'done', accepted: PEOPLE })
  expect(once()).toBe(true)
})

test('a send that cannot reach the server pauses nobody who can, and everybody once nobody can', async () => {
  const worker = startWorker({ perSecond: 200 })
  const closed = await startSink()
  await closed.close()
  const unreachable = () =>
    sendIssue(openDesk(), ISSUE, {
      transport: transportTo(closed.port, { connections: 1 }),
      ready: async () => readyIssue(),
      reconnectAfter: (failures) => (failures > 5 ? null : 100),
    })
  await expect(unreachable()).rejects.toThrow(/^This process sends no more of 2025-w46: the server cannot/)
  await expect.poll(() => worker.lines.join('\n'), { timeout: 10_000 }).toMatch(/: done/)
  expect(sink.copies.size).toBe(PEOPLE)
  await worker.end()
  await addPeople(openPostgresSubscribers(database, tokens), 1, 'late')
  expect(await unreachable()).toMatchObject({ status: { state: 'paused' } })
})

test('an hour’s messages are counted over all workers', async () => {
  const limits = { perHour: 120 }
  const workers = [startWorker(limits), startWorker(limits)]
  const stop = new AbortController()
  const sending = send(limits, undefined, stop.signal)
  await expect.poll(() => sink.copies.size, { timeout: 10_000 }).toBe(120)
  await sleep(300)
  expect(sink.copies.size).toBe(120)
  stop.abort()
  expect((await sending).status).toMatchObject({ accepted: 120, state: 'paused' })
  for (const { end } of workers) await end()
})

test('a day of a warm-up is counted over all workers: its send ends and says when it goes on', async () => {
  const warmUp = { from: new Date().toISOString().slice(0, 10), first: 90, timeZone: 'UTC' }
  const [one, two] = await Promise.all([send({ warmUp }), send({ warmUp })])
  expect(sink.copies.size).toBe(90)
  // One ends while the last portion of the other is still under way.
  expect(Math.max(one.status.accepted, two.status.accepted)).toBe(90)
  for (const { status } of [one, two]) {
    expect(status.state).toBe('sending')
    expect(status.reason).toMatch(/share of today is used up; it goes on at/)
  }
})
