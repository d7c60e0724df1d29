import { getEventListeners } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sendIssue, type SendIssueOptions } from '../../src/delivery/send-issue.ts'
import type { Outcome } from '../../src/delivery/transport.ts'
import { openDatabase, type Database } from '../../src/store/sqlite.ts'
import { openDesk, readyIssue, type TestDesk } from './desk.ts'
import { address, addPeople } from './people.ts'
import { scriptedServer, type ScriptedServer } from './scripted-server.ts'

let desk: TestDesk
/** Another connection: it sees what is committed, and nothing else. */
let other: Database
beforeEach(() => {
  desk = openDesk()
  other = openDatabase(`${desk.folder}/onrecord.db`)
})
afterEach(() => {
  other.close()
  desk.close()
})

const send = (transport: ScriptedServer, change: Partial<SendIssueOptions> = {}) =>
  sendIssue(desk, '2025-w46', { transport, ready: async () => readyIssue(), random: () => 0.5, ...change })

const stateOf = (messageId: string): unknown =>
  other.prepare('select state from delivery where message_id = ?').get(messageId)?.['state']

const states = (): Readonly<Record<string, number>> =>
  Object.fromEntries(
    other
      .prepare('select state, count(*) as count from delivery group by state')
      .all()
      .map((row) => [String(row['state']), Number(row['count'])]),
  )

const total = (): number => Object.values(states()).reduce((sum, count) => sum + count, 0)

/** What the row of a message must be once the server has said so. */
function stateFor(said: Outcome): string {
  if (said.state === 'deferred' && said.serverDown) return 'queued'
  return said.state
}

test('whatever a server says, no content begins before its row, one row a lane is open, and each ends as it was told', async () => {
  await fc.assert(
    fc.asyncProperty(fc.infiniteStream(fc.nat(999)), fc.integer({ min: 1, max: 4 }), async (dice, lanes) => {
      const random = (): number => (dice.next().value ?? 0) / 1_000
      desk.close()
      other.close()
      desk = openDesk()
      other = openDatabase(`${desk.folder}/onrecord.db`)
      const people = 40
      await addPeople(desk.subscribers, people)
      const last = new Map<number, string>()
      const server = scriptedServer({
        connections: lanes,
        random,
        offered: () => {
          const chance = random()
          if (chance < 0.06) return { state: 'deferred', reply: '450 4.2.1 later', serverDown: false }
          if (chance < 0.1) return { state: 'rejected', reply: '550 5.2.0 no', class: 'other' }
          return null
        },
        delivered: () => {
          const chance = random()
          if (chance < 0.06) return { state: 'deferred', reply: '451 4.3.0 later', serverDown: false }
          if (chance < 0.1) return { state: 'rejected', reply: '552 5.3.4 large', class: 'other' }
          if (chance < 0.14) return { state: 'unknown', reply: 'no answer' }
          return { state: 'accepted', reply: '250 ok' }
        },
        begins({ messageId }, lane) {
          const before = last.get(lane)
          last.set(lane, messageId)
          if (stateOf(messageId) !== 'on_wire') return `${messageId} is ${String(stateOf(messageId))}`
          if (before !== undefined && stateOf(before) === 'on_wire') return 'two rows of a lane are open'
          return (states()['on_wire'] ?? 0) > lanes ? 'more rows are open than lanes' : null
        },
      })
      const { status } = await send(server)
      expect(server.wrong).toEqual([])
      expect(status).toMatchObject({ total: people, queued: 0, onWire: 0, claimed: 0 })
      for (const [messageId, said] of server.said) expect(stateOf(messageId)).toBe(stateFor(said))
      expect(server.said.size).toBe(people)
      expect(new Set(server.taken).size).toBe(server.taken.length)
    }),
    { numRuns: 15 },
  )
})

test('whoever leaves, and a round that is stopped, get no content after that is committed; the sum stays', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.infiniteStream(fc.nat(999)),
      fc.constantFrom('paused', 'cancelled', 'interrupted'),
      async (dice, how) => {
        const random = (): number => (dice.next().value ?? 0) / 1_000
        desk.close()
        other.close()
        desk = openDesk()
        other = openDatabase(`${desk.folder}/onrecord.db`)
        const people = 60
        await addPeople(desk.subscribers, people)
        const gone = new Set<string>()
        const stop = new AbortController()
        let stopped = false
        const server = scriptedServer({
          connections: 3,
          random,
          begins: ({ to }) => {
            if (stopped) return `${to} began after the round was ${how}`
            return gone.has(to) ? `${to} began after leaving` : null
          },
        })
        const disturb = async (): Promise<void> => {
          while (server.begun.length === 0) await turn()
          while (server.begun.length < people - 20) {
            await turn()
            expect(total()).toBe(people)
            const who = `reader${Math.floor(random() * people) + 1}@reader.test`
            if (random() < 0.3 && gone.size < 10) {
              await desk.subscribers.unsubscribe(address(who), 'weekly')
              gone.add(who)
            }
          }
          const round = await desk.deliveries.round('2025-w46', 'real')
          if (how === 'interrupted') stop.abort()
          else await desk.deliveries.setState(round?.id ?? 0, how, null)
          // What its commit had put on the wire before is finished.
          stopped = true
        }
        const [report] = await Promise.all([send(server, { interrupted: stop.signal }), disturb()])
        expect(server.wrong.filter((each) => !each.includes('interrupted'))).toEqual([])
        expect(report.status).toMatchObject({ total: people, onWire: 0, claimed: 0, unknown: 0 })
        expect(report.status.accepted).toBe(server.taken.length)
        expect(report.status.state).toBe(how === 'cancelled' ? 'cancelled' : 'paused')
        if (how === 'cancelled') return
        stopped = false
        const rest = await send(server)
        expect(server.wrong.filter((each) => !each.includes('interrupted'))).toEqual([])
        expect(rest.status).toMatchObject({ state: 'done', queued: 0, unknown: 0 })
        expect(rest.status.accepted + rest.status.suppressed).toBe(people)
        expect(new Set(server.taken).size).toBe(server.taken.length)
      },
    ),
    { numRuns: 12 },
  )
})

test('a send leaves nothing behind on the signal that may interrupt it', async () => {
  await addPeople(desk.subscribers, 5)
  const { signal } = new AbortController()
  const server = scriptedServer({ connections: 2, random: () => 0 })
  const limits = { perSecond: 200 }
  expect((await send(server, { interrupted: signal, limits })).status.accepted).toBe(5)
  expect(getEventListeners(signal, 'abort')).toEqual([])
})

test('a server that never answers an offer does not hold up an interruption', async () => {
  await addPeople(desk.subscribers, 5)
  const stop = new AbortController()
  const server = scriptedServer({ connections: 2, random: () => 0 })
  const silent: ScriptedServer = {
    ...server,
    connect: () => ({
      ...server.connect(),
      offer() {
        setTimeout(() => stop.abort(), 20)
        return new Promise(() => undefined)
      },
      withdraw: () => undefined,
      close: async () => undefined,
    }),
  }
  expect((await send(silent, { interrupted: stop.signal })).status).toMatchObject({
    state: 'paused',
    queued: 5,
    onWire: 0,
  })
})

test.each([1, 30])(
  'a message that a server hangs up on each time is deferred, and holds up none of %i',
  async (people) => {
    await addPeople(desk.subscribers, people)
    const server = scriptedServer({
      ...{ connections: 2, random: () => 0 },
      offered: ({ to }) =>
        to === 'reader1@reader.test'
          ? { state: 'deferred', reply: 'the connection was lost', serverDown: true, told: true }
          : null,
    })
    const { status } = await send(server, { reconnectAfter: (failures) => (failures < 5 ? 5 : null) })
    expect(status).toMatchObject({ state: 'sending', accepted: people - 1, deferred: 1, queued: 0 })
    const row = other.prepare("select reply, attempts from delivery where state = 'deferred'").get()
    expect(row).toMatchObject({
      reply: 'the server hung up on it 3 times: the connection was lost',
      attempts: 1,
    })
  },
)

test('a server that hangs up on everybody pauses the round', async () => {
  await addPeople(desk.subscribers, 30)
  const hangsUp = {
    state: 'deferred',
    reply: 'the connection was lost',
    serverDown: true,
    told: true,
  } as const
  const server = scriptedServer({ connections: 2, random: () => 0, offered: () => hangsUp })
  const { status } = await send(server, { reconnectAfter: (failures) => (failures < 5 ? 5 : null) })
  expect(status).toMatchObject({
    ...{ state: 'paused', reason: 'the server cannot be reached: the connection was lost' },
    ...{ queued: 30, deferred: 0 },
  })
})

test('a message that cannot be made is refused with the reason, and no server hears of it', async () => {
  await addPeople(desk.subscribers, 3)
  // Written by a version that did not look: the store’s own checks let nobody in like this.
  other
    .prepare('update subscriber set address = ? where id = 2')
    .run('two@reader.test\r\nBcc: all@reader.test')
  const server = scriptedServer({ connections: 1, random: () => 0 })
  const { status } = await send(server)
  expect(status).toMatchObject({ state: 'done', accepted: 2, rejected: 1 })
  expect(server.said.size).toBe(2)
  const row = other.prepare("select reply, attempts from delivery where state = 'rejected'").get()
  expect(row?.['reply']).toMatch(/^not sent: /)
  expect(row?.['attempts']).toBe(0)
})

test('where no message can be made nobody is refused: the round halts, and goes on once that is mended', async () => {
  await addPeople(desk.subscribers, 3)
  const server = scriptedServer({ connections: 2, random: () => 0 })
  const signer = {
    ...{ keyId: 'a:b', maxLength: 100 },
    async sign(): Promise<string> {
      throw new Error('the key is gone')
    },
  }
  const options = { transport: server, ready: async () => readyIssue() }
  expect((await sendIssue({ ...desk, signer }, '2025-w46', options)).status).toMatchObject({
    ...{ state: 'paused', reason: 'no message can be made: the key is gone' },
    ...{ queued: 3, rejected: 0 },
  })
  expect((await send(server)).status).toMatchObject({ state: 'done', accepted: 3 })
})

test('a sender whose domain is beyond ASCII reaches everybody', async () => {
  await addPeople(desk.subscribers, 3)
  const server = scriptedServer({ connections: 1, random: () => 0 })
  const issue = readyIssue()
  const { envelope } = issue.editions.subscriber
  const abroad = { ...envelope, from: { ...envelope.from, address: 'desk@Bücher.example' } }
  const subscriber = { ...issue.editions.subscriber, envelope: abroad }
  const member = { ...issue.editions.member, envelope: abroad }
  const ready = async () => ({ ...issue, editions: { ...issue.editions, subscriber, member } })
  expect((await send(server, { ready })).status).toMatchObject({ accepted: 3, rejected: 0 })
  expect(server.taken.every((messageId) => messageId.endsWith('@xn--bcher-kva.example>'))).toBe(true)
})

test('what is wrong with every connection halts the round, and is not taken for the store', async () => {
  await addPeople(desk.subscribers, 3)
  const server = scriptedServer({ connections: 2, random: () => 0 })
  const broken: ScriptedServer = {
    ...server,
    connect: () => ({
      ...server.connect(),
      offer: () => Promise.reject(new Error('PEM routines::no start line')),
    }),
  }
  expect((await send(broken)).status).toMatchObject({
    ...{ state: 'paused', reason: 'no connection can be used: PEM routines::no start line' },
    ...{ queued: 3, onWire: 0 },
  })
  expect((await send(server)).status).toMatchObject({ state: 'done', accepted: 3 })
})

test('rows that cannot be read halt the round with the reason, and none is taken for the last', async () => {
  await addPeople(desk.subscribers, 400)
  const server = scriptedServer({ connections: 2, random: () => 0 })
  let claims = 0
  const broken: TestDesk = {
    ...desk,
    deliveries: {
      ...desk.deliveries,
      async claim(round, limit) {
        claims += 1
        if (claims > 1) throw new Error('disk I/O error')
        return desk.deliveries.claim(round, limit)
      },
    },
  }
  const options = { transport: server, ready: async () => readyIssue() }
  expect((await sendIssue(broken, '2025-w46', options)).status).toMatchObject({
    state: 'paused',
    reason: 'the store could not be written: disk I/O error',
  })
  expect((await send(server)).status).toMatchObject({ state: 'done', accepted: 400, unknown: 0 })
})

test('rows that could not be written keep their last state, and the next sender knows whom it cannot know of', async () => {
  await addPeople(desk.subscribers, 30)
  const server = scriptedServer({ connections: 3, random: () => 0.5 })
  let commits = 0
  const broken: TestDesk = {
    ...desk,
    deliveries: {
      ...desk.deliveries,
      async advance(round, steps) {
        commits += 1
        if (commits > 4) throw new Error('database or disk is full')
        return desk.deliveries.advance(round, steps)
      },
    },
  }
  const options = { transport: server, ready: async () => readyIssue() }
  expect((await sendIssue(broken, '2025-w46', options)).status).toMatchObject({
    state: 'paused',
    reason: 'the store could not be written: database or disk is full',
  })
  expect(server.begun.length).toBeGreaterThan(0)
  expect(server.begun.length).toBe((states()['accepted'] ?? 0) + (states()['on_wire'] ?? 0))
  const { status } = await send(server)
  expect(status).toMatchObject({ state: 'done', total: 30, onWire: 0 })
  expect(status.accepted + status.unknown).toBe(30)
  expect(status.unknown).toBeGreaterThan(0)
  expect(new Set(server.taken).size).toBe(server.taken.length)
  expect(server.wrong).toEqual([])
})
