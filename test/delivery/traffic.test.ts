import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { sendIssue, type SendIssueOptions } from '../../src/delivery/send-issue.ts'
import { noLimits, readUsedUp, type UsedUp } from '../../src/delivery/limits.ts'
import { openDatabase } from '../../src/store/sqlite.ts'
import { openDesk, readyIssue, transportTo, type TestDesk } from './desk.ts'
import { addPeople } from './people.ts'
import { startSink, type Sink, type SinkOptions } from './sink.ts'

const HOUR = 3_600_000
/** Noon, so that an hour more or less is the same day. */
const NOON = Date.parse('2026-03-10T12:00:00Z')

let ahead = 0
/** It stands still but for waits, which take no time. */
const clock = { now: () => NOON + ahead }
const sleep = async (milliseconds: number): Promise<void> => {
  await new Promise((resolve) => setTimeout(resolve, 5))
  ahead += milliseconds
}

let desk: TestDesk
const closing: (() => Promise<void>)[] = []
beforeEach(() => {
  ahead = 0
  desk = openDesk(undefined, clock)
})
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
  desk.close()
})

async function sink(options: SinkOptions): Promise<Sink> {
  const opened = await startSink(options)
  closing.push(() => opened.close())
  return opened
}

async function send({ port }: Sink, change: Partial<SendIssueOptions> = {}) {
  const transport = transportTo(port, { connections: 4 })
  try {
    const options = { transport, ready: async () => readyIssue(), random: () => 0.5, clock, sleep }
    return await sendIssue(desk, '2025-w46', { ...options, ...change })
  } finally {
    await transport.close()
  }
}

const domainOf = (address: string): string => address.slice(address.indexOf('@') + 1)

test('when everybody is greylisted, nobody is tried twice before it is time, and then all get theirs', async () => {
  await addPeople(desk.subscribers, 90, 'reader', ['a.test', 'b.test', 'c.test'])
  const tries = new Map<string, number>()
  const server = await sink({
    onRecipient(to) {
      tries.set(to, (tries.get(to) ?? 0) + 1)
      return tries.get(to) === 1 ? { code: 450, text: '4.7.1 greylisted' } : null
    },
  })
  const first = await send(server)
  expect(first.status).toMatchObject({ state: 'sending', deferred: 90, accepted: 0 })
  expect(first.nextDue).toBeGreaterThanOrEqual(NOON + 5 * 60_000)
  expect(Math.max(...tries.values())).toBe(1)
  ahead += 6 * 60_000
  expect((await send(server)).status).toMatchObject({ state: 'done', accepted: 90 })
  expect([...server.copies.values()].every((count) => count === 1)).toBe(true)
})

test('in a storm of 421 at one domain of three the others go on, and it is left alone until its rest is over', async () => {
  await addPeople(desk.subscribers, 240, 'reader', ['storm.test', 'b.test', 'c.test'])
  const stormAt: number[] = []
  let othersDuringRest = 0
  const server = await sink({
    onRecipient(to) {
      if (domainOf(to) !== 'storm.test') {
        if (ahead < 1_000) othersDuringRest += 1
        return null
      }
      stormAt.push(ahead)
      return ahead < 4_000 ? { code: 421, text: '4.7.0 too many messages from you' } : null
    },
  })
  const report = await send(server)
  expect(report.status).toMatchObject({ state: 'done', accepted: 240 })
  // Before its rest was over the others had theirs, but for what was on its way just then.
  expect(othersDuringRest).toBeGreaterThanOrEqual(160 * 0.9)
  // At first each lane may have had one under way and one ahead; then it was asked by two, and by one.
  const asked = stormAt.filter((at) => at < 4_000)
  expect(asked.filter((at) => at < 1_000).length).toBeLessThanOrEqual(4 * 2)
  expect(asked.filter((at) => at >= 1_000).length).toBeLessThanOrEqual(4)
  expect([...server.copies.values()].every((count) => count === 1)).toBe(true)
})

test('a tarpit holds one lane, and the others send what others wait for', async () => {
  // This one in the time of day.
  desk.close()
  desk = openDesk()
  await addPeople(desk.subscribers, 40, 'early', ['tar.test', 'b.test', 'c.test', 'd.test'])
  await addPeople(desk.subscribers, 400, 'quick', ['b.test', 'c.test', 'd.test', 'tar.test'])
  const server = await sink({
    async onMessage(to) {
      if (domainOf(to) === 'tar.test') await new Promise((resolve) => setTimeout(resolve, 1_000))
      return null
    },
  })
  const transport = transportTo(server.port, { connections: 4 })
  const stop = new AbortController()
  const others = (): number => server.recipients.filter((to) => domainOf(to) !== 'tar.test').length
  const look = setInterval(() => {
    if (others() === 330) stop.abort()
  }, 5)
  await sendIssue(desk, '2025-w46', {
    ...{ transport, ready: async () => readyIssue(), interrupted: stop.signal },
  })
  clearInterval(look)
  await transport.close()
  expect(others()).toBe(330)
  // Of 110 that take a second each few went: they had a lane, and not all four.
  expect(server.recipients.length - 330).toBeLessThan(40)
})

describe('refusals for policy', () => {
  test('hold back the domain that refuses, and nobody else', async () => {
    await addPeople(desk.subscribers, 120, 'reader', ['no.test', 'b.test', 'c.test', 'd.test'])
    const server = await sink({
      onRecipient: (to) =>
        domainOf(to) === 'no.test' && ahead < HOUR ? { code: 550, text: '5.7.1 blocked' } : null,
    })
    const first = await send(server)
    expect(first.status).toMatchObject({ state: 'sending', accepted: 90 })
    expect(first.status.rejected).toBeGreaterThanOrEqual(10)
    expect(first.status.deferred).toBe(30 - first.status.rejected)
    expect(first.nextDue).toBeGreaterThan(NOON + HOUR - 60_000)
    ahead += HOUR + 60_000
    const later = await send(server)
    expect(later.status).toMatchObject({ state: 'done', rejected: first.status.rejected })
    expect(later.status.accepted).toBe(120 - first.status.rejected)
  })

  test('from several domains pause the round, and say which and why', async () => {
    const names = ['b.test', 'one.test', 'c.test', 'two.test', 'd.test', 'three.test', 'e.test', 'f.test']
    await addPeople(desk.subscribers, 400, 'reader', names)
    const server = await sink({
      onRecipient: (to) =>
        /^(one|two|three)/.test(domainOf(to)) ? { code: 550, text: '5.7.1 blocked' } : null,
    })
    const { status } = await send(server)
    expect(status.state).toBe('paused')
    expect(status.reason).toMatch(
      /^3 domains refuse our mail for policy \((\w+\.test, ){2}\w+\.test\): 550 5\.7\.1 blocked/,
    )
    expect(status.rejected).toBeLessThan(50)
    expect(status.queued).toBeGreaterThan(100)
  })

  test('from a relay that has blocked us pause a small list too, of which most can be mailed later', async () => {
    await addPeople(
      desk.subscribers,
      60,
      'reader',
      ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => `${name}.test`),
    )
    let blocked = true
    const server = await sink({
      onRecipient: () => (blocked ? { code: 550, text: '5.7.1 blocked' } : null),
    })
    const { status } = await send(server)
    expect(status.state).toBe('paused')
    expect(status.reason).toBe('most of the messages are refused for policy: 550 5.7.1 blocked')
    expect(status.rejected).toBeLessThan(30)
    blocked = false
    const later = await send(server)
    expect(later.status).toMatchObject({ state: 'done', accepted: 60 - status.rejected })
  })
})

test('what may go out in an hour is kept across a restart, counted from the rows', async () => {
  await addPeople(desk.subscribers, 25)
  const stop = new AbortController()
  let arrived = 0
  const server = await sink({
    onMessage() {
      arrived += 1
      if (arrived === 7) stop.abort()
      return null
    },
  })
  const limits = { perHour: 10 }
  const quickly = async (milliseconds: number): Promise<void> => {
    await new Promise(setImmediate)
    ahead += milliseconds
  }
  const first = await send(server, { limits, interrupted: stop.signal })
  const before = first.status.accepted
  expect(before).toBeGreaterThanOrEqual(7)
  expect(before).toBeLessThanOrEqual(10)
  const { folder } = desk
  const again = openDesk(folder, clock)
  ahead += 60_000
  const last = await sendIssue(again, '2025-w46', {
    ...{
      transport: transportTo(server.port),
      ready: async () => readyIssue(),
      clock,
      sleep: quickly,
      limits,
    },
  })
  again.close()
  expect(last.status).toMatchObject({ state: 'done', accepted: 25 })
  // When they began, and not when they came: time leaps while a message is on the wire.
  const database = openDatabase(join(folder, 'onrecord.db'), clock)
  const begun = database
    .prepare('select first_attempt_at as at from delivery order by at')
    .all()
    .map(({ at }) => Number(at))
  database.close()
  for (const [index, at] of begun.entries()) {
    const tenBefore = begun[index - 10]
    if (tenBefore !== undefined) expect(at - tenBefore).toBeGreaterThanOrEqual(HOUR)
  }
})

test('while the hour’s limit holds up a send, it and who watches are told so, and until when', async () => {
  await addPeople(desk.subscribers, 25)
  const server = await sink({})
  const told: UsedUp[] = []
  const stop = new AbortController()
  const limits = { perHour: 10 }
  const { status } = await send(server, {
    ...{ limits, interrupted: stop.signal },
    // Time stands still, and the wait with it.
    sleep: (_, signal) =>
      new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined))),
    onProgress(_, __, usedUp) {
      if (usedUp === null) return
      told.push(usedUp)
      stop.abort()
    },
  })
  expect(status.accepted).toBe(10)
  expect(told[0]?.reason).toBe('the hour’s 10 are used up')
  expect(told[0]?.until).toBeGreaterThan(NOON + HOUR - 1)
  expect(told[0]?.until).toBeLessThanOrEqual(NOON + HOUR + 1_000)
  expect(await readUsedUp(desk.deliveries, { ...noLimits, ...limits }, clock.now())).toEqual(told[0])
  ahead += HOUR + 1_000
  expect(await readUsedUp(desk.deliveries, { ...noLimits, ...limits }, clock.now())).toBeNull()
})

test('a warm-up’s day ends a send that goes on by itself the day after, with twice as many', async () => {
  await addPeople(desk.subscribers, 25)
  const server = await sink({})
  const limits = { warmUp: { from: '2026-03-10', first: 8, timeZone: 'UTC' } }
  const first = await send(server, { limits })
  expect(first.status).toMatchObject({ state: 'sending', accepted: 8, queued: 17 })
  expect(first.status.reason).toContain('goes on at 2026-03-11T00:00:00.000Z')
  // The same day: nothing more, though this is another process.
  expect((await send(server, { limits })).status).toMatchObject({ state: 'sending', accepted: 8 })
  ahead += 12 * HOUR
  expect((await send(server, { limits })).status).toMatchObject({ state: 'sending', accepted: 24 })
  ahead += 24 * HOUR
  expect((await send(server, { limits })).status).toMatchObject({ state: 'done', accepted: 25, reason: null })
})
