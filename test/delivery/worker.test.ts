import { afterEach, beforeEach, expect, test } from 'vitest'
import { noLimits } from '../../src/delivery/limits.ts'
import { sendIssue } from '../../src/delivery/send-issue.ts'
import { watchStandstill } from '../../src/delivery/standstill.ts'
import { runWorker } from '../../src/delivery/worker.ts'
import { openDesk, readyIssue, type TestDesk } from './desk.ts'
import { addPeople } from './people.ts'
import { scriptedServer } from './scripted-server.ts'
import { openDeliveryReports } from '../../src/store/delivery-report.ts'
import { openDatabase } from '../../src/store/sqlite.ts'

let desk: TestDesk
beforeEach(() => (desk = openDesk()))
afterEach(() => desk.close())

test('a round that a worker may not touch holds up no other', async () => {
  await addPeople(desk.subscribers, 3)
  const down = scriptedServer({
    ...{ connections: 1, random: () => 0 },
    offered: () => ({ state: 'deferred', reply: 'connection refused', serverDown: true }),
  })
  for (const issue of ['2025-w45', '2025-w46']) {
    const ready = async () => readyIssue(issue)
    await sendIssue(desk, issue, { transport: down, ready, reconnectAfter: () => null })
    const round = await desk.deliveries.round(issue, 'real')
    await desk.deliveries.setState(round?.id ?? 0, 'sending', null)
  }
  const server = scriptedServer({ connections: 1, random: () => 0 })
  const stop = new AbortController()
  const lines: string[] = []
  const restoredDesk = {
    ...desk,
    deliveries: {
      ...desk.deliveries,
      // Of the first issue nobody has said that it may go on.
      restored: async () => ({ backupAt: 0, restoredAt: 0, confirmed: ['2025-w46'] }),
    },
    reports: { isDue: async (round: number) => (await desk.deliveries.tally(round)).queued > 0 },
  }
  await runWorker(restoredDesk, {
    ...{ interrupted: stop.signal, every: 5, openTransport: async () => server },
    log(line) {
      lines.push(line)
      if (lines.some((each) => each.includes('was in flight then'))) stop.abort()
    },
  })
  const stateOf = async (issue: string) => (await desk.deliveries.round(issue, 'real'))?.state
  expect([await stateOf('2025-w45'), await stateOf('2025-w46')]).toEqual(['sending', 'done'])
  expect(server.taken).toHaveLength(3)
  expect(lines.at(-1)).toMatch(/^it did not work: The store was restored .* 2025-w45 was in flight then/)
})

test('what a sender that was killed had on the wire is named, also where its round was cancelled', async () => {
  await addPeople(desk.subscribers, 2)
  const round = await desk.deliveries.openRound({
    ...{ issue: '2025-w46', newsletter: 'weekly', kind: 'real', number: 1, transport: 'smtp://test' },
    ...{ settings: {}, editions: {} },
  })
  while ((await desk.deliveries.freezeChunk(round.id, 10)).more) continue
  await desk.deliveries.seal(round.id)
  const [first] = await desk.deliveries.claim(round.id, 1)
  const begin = { id: first?.id ?? 0, messageId: '<one@brief.test>', at: 1 }
  await desk.deliveries.advance(round.id, [{ settle: null, begin }])
  await desk.deliveries.setState(round.id, 'cancelled', null)
  const database = openDatabase(`${desk.folder}/onrecord.db`)
  const stop = new AbortController()
  await runWorker(
    { ...desk, reports: openDeliveryReports(database) },
    {
      ...{ interrupted: stop.signal, every: 5, log: () => stop.abort() },
      openTransport: async () => scriptedServer({ connections: 1, random: () => 0 }),
    },
  )
  database.close()
  expect(await desk.deliveries.tally(round.id)).toMatchObject({ unknown: 1, cancelled: 1, on_wire: 0 })
})

test('a worker that looks at a round again and again says once that it goes on, how, and how far it came', async () => {
  await addPeople(desk.subscribers, 3)
  const off = { state: 'deferred', reply: '450 4.2.0 the mailbox is in use', serverDown: false } as const
  const server = scriptedServer({ connections: 1, random: () => 0, offered: () => off })
  await sendIssue(desk, '2025-w46', { transport: server, ready: async () => readyIssue() })
  const stop = new AbortController()
  const lines: string[] = []
  let turns = 0
  await runWorker(
    {
      ...{ ...desk, reports: { isDue: async () => true } },
      commonLimits: { said: async () => [{ ...noLimits, perSecond: 7 }] },
    },
    {
      ...{ interrupted: stop.signal, every: 5, log: (line: string) => void lines.push(line) },
      async openTransport() {
        turns += 1
        if (turns === 3) stop.abort()
        return server
      },
    },
  )
  expect([turns, ...lines]).toEqual([
    3,
    expect.stringMatching(/^2025-w46: goes on through .*, 3 waiting$/),
    expect.stringMatching(/SEND_RATE is not set here and 7 elsewhere/),
    expect.stringMatching(/^2025-w46: sending, 0 more accepted; .* 3 deferred/),
  ])
})

test('a server that cannot be reached is said with the round, until it answers', async () => {
  await addPeople(desk.subscribers, 2)
  const down = { state: 'deferred', reply: 'no server listens', serverDown: true } as const
  const off = scriptedServer({ connections: 1, random: () => 0, offered: () => down })
  await sendIssue(desk, '2025-w46', {
    ...{ transport: off, ready: async () => readyIssue(), reconnectAfter: () => null },
  })
  const round = async () => desk.deliveries.round('2025-w46', 'real')
  await desk.deliveries.setState((await round())?.id ?? 0, 'sending', null)
  const reasons: (string | null | undefined)[] = []
  let [offers, now] = [0, Date.now()]
  const stop = new AbortController()
  await runWorker(
    { ...desk, reports: { isDue: async () => (await round())?.state === 'sending' } },
    {
      ...{ interrupted: stop.signal, every: 5 },
      openTransport: async () =>
        scriptedServer({
          ...{ connections: 1, random: () => 0 },
          offered: () => (offers++ === 0 ? down : null),
        }),
      log: (line) => void (line.includes(': done') && stop.abort()),
      clock: { now: () => now },
      async sleep(ms) {
        reasons.push((await round())?.reason)
        now += ms
      },
    },
  )
  expect(reasons).toContain('the server cannot be reached, and is tried again by itself: no server listens')
  expect(await round()).toMatchObject({ state: 'done', reason: null })
})

test('a process that stood still is told of as soon as it goes on', async () => {
  const times = [0, 1_000, 2_000, 32_000, 33_000]
  const told: number[] = []
  const now = (): number => (times.length > 1 ? times.shift() : times[0]) ?? 0
  const watching = watchStandstill(20_000, (stood) => told.push(stood), { every: 1, now })
  await expect.poll(() => times.length).toBe(1)
  watching.end()
  expect(told).toEqual([30_000])
})

test('no line of a worker’s log names a person, whatever a server says', async () => {
  await addPeople(desk.subscribers, 3)
  const says = (line: string): string => `${line} <ada.stone@reader.example>, box of ada.stone`
  const replies = [
    { state: 'deferred', reply: says('421 4.3.2 closing, says'), serverDown: true },
    { state: 'deferred', reply: 'closed by ada.stone@reader.example', serverDown: true },
    { state: 'rejected', reply: says('535 5.7.8 not for'), class: 'fatal' },
  ] as const
  const lines: string[] = []
  for (const [index, reply] of replies.entries()) {
    const issue = `2025-w${45 + index}`
    const down = scriptedServer({ connections: 1, random: () => 0, offered: () => replies[0] })
    const ready = async () => readyIssue(issue)
    await sendIssue(desk, issue, { transport: down, ready, reconnectAfter: () => null })
    const round = await desk.deliveries.round(issue, 'real')
    await desk.deliveries.setState(round?.id ?? 0, 'sending', null)
    const stop = new AbortController()
    const refusing = scriptedServer({ connections: 1, random: () => 0, offered: () => reply })
    const reports = { isDue: async () => (await desk.deliveries.round(issue, 'real'))?.state === 'sending' }
    await runWorker(
      { ...desk, reports },
      {
        ...{ interrupted: stop.signal, every: 5, openTransport: async () => refusing },
        sleep: async () => stop.abort(),
        log(line) {
          lines.push(line)
          if (line.includes('paused')) stop.abort()
        },
      },
    )
  }
  const failing = new AbortController()
  await runWorker(
    { ...desk, reports: { isDue: async () => Promise.reject(new Error(says('550 no'))) } },
    {
      ...{ interrupted: failing.signal, every: 5 },
      openTransport: async () => Promise.reject(new Error('not reached')),
      log(line) {
        lines.push(line)
        failing.abort()
      },
    },
  )
  const log = lines.join('\n')
  for (const code of ['421 4.3.2,', '…@reader.example', '535 5.7.8,', 'it did not work: 550,'])
    expect(log).toContain(code)
  expect(log).not.toMatch(/[^\s…]@|stone|reader\.test/i)
})
