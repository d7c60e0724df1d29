import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import PostalMime from 'postal-mime'
import { openUnsubscribeToken } from '../../src/subscribers/unsubscribe-token.ts'
import { sendIssue, type SendIssueOptions } from '../../src/delivery/send-issue.ts'
import type { Transport } from '../../src/delivery/transport.ts'
import { openDesk, readyIssue, transportTo, type TestDesk } from './desk.ts'
import { address, addPeople } from './people.ts'
import { startSink, type Sink, type SinkOptions } from './sink.ts'

let desk: TestDesk
const closing: (() => Promise<void>)[] = []
beforeEach(() => {
  desk = openDesk()
})
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
  desk.close()
})

async function sink(options: SinkOptions = {}): Promise<Sink> {
  const opened = await startSink(options)
  closing.push(() => opened.close())
  return opened
}

function transport(port: number, change: Parameters<typeof transportTo>[1] = {}): Transport {
  const opened = transportTo(port, change)
  closing.push(() => opened.close())
  return opened
}

function send(to: Transport, change: Partial<SendIssueOptions> = {}) {
  return sendIssue(desk, '2025-w46', {
    transport: to,
    ready: async () => readyIssue(),
    random: () => 0.5,
    reconnectAfter: (failures) => (failures > 3 ? null : 10),
    ...change,
  })
}

test('everybody gets their tier’s edition, once, with a link that takes off them and nobody else', async () => {
  await addPeople(desk.subscribers, 40)
  const server = await sink()
  const report = await send(transport(server.port))
  expect(report).toMatchObject({ how: 'begun', kind: 'real', added: 40, interrupted: false })
  expect(report.status).toMatchObject({ state: 'done', total: 40, accepted: 40 })
  expect(server.copies.size).toBe(40)
  expect(new Set(server.recipients).size).toBe(40)
  expect(server.connections()).toBeLessThanOrEqual(3)

  const mail = await PostalMime.parse(server.messages.get('reader7@reader.test') ?? '')
  const link = mail.headers.find(({ key }) => key === 'list-unsubscribe')?.value ?? ''
  const who = openUnsubscribeToken(desk.tokens, link.replace(/^<.*\/u\/|>$/g, ''))
  const person = await desk.subscribers.find(address('reader7@reader.test'))
  expect(who).toEqual({ publicId: person?.publicId, newsletter: 'weekly' })
  expect(JSON.stringify(mail)).not.toContain(`"${person?.publicId}"`)
})

test('a second send mails nobody again, and a later one only those who confirmed since', async () => {
  await addPeople(desk.subscribers, 5)
  const server = await sink()
  const to = transport(server.port)
  await send(to)
  expect(await send(to)).toMatchObject({ how: 'again', added: 0, acceptedBefore: 5 })
  expect(server.recipients).toHaveLength(5)
  await addPeople(desk.subscribers, 2, 'late')
  expect(await send(to)).toMatchObject({
    how: 'again',
    added: 2,
    status: { state: 'done', total: 7, accepted: 7 },
  })
  expect(server.recipients.slice(5).toSorted()).toEqual(['late1@reader.test', 'late2@reader.test'])
})

test('a rehearsal never counts as a delivery, and is repeated once the issue has changed', async () => {
  await addPeople(desk.subscribers, 4)
  const outbox = await sink()
  const rehearsal = transport(outbox.port, { kind: 'outbox', label: 'the outbox' })
  expect(await send(rehearsal)).toMatchObject({ kind: 'rehearsal', status: { accepted: 4 } })
  expect(await send(rehearsal)).toMatchObject({ how: 'again', added: 0 })
  expect(outbox.recipients).toHaveLength(4)
  expect(await desk.editions.published('2025-w46')).toBeNull()
  await send(rehearsal, { ready: async () => readyIssue('2025-w46', 'two') })
  expect(outbox.recipients).toHaveLength(8)

  const server = await sink()
  expect(await send(transport(server.port))).toMatchObject({ kind: 'real', status: { accepted: 4 } })
  expect(await desk.editions.published('2025-w46')).toMatchObject({ subject: '2025-w46 one' })
  expect([...server.copies.keys()].some((id) => outbox.copies.has(id))).toBe(false)
})

test('greylisted people are deferred, the send ends and says when, and a later one reaches them', async () => {
  await addPeople(desk.subscribers, 6)
  let greylisting = true
  const server = await sink({
    onRecipient: () => (greylisting ? { code: 450, text: '4.7.1 come back' } : null),
  })
  const to = transport(server.port)
  let time = Date.now()
  const clock = { now: () => time }
  desk.close()
  desk = openDesk(undefined, clock)
  await addPeople(desk.subscribers, 6)
  const first = await send(to, { clock })
  expect(first.status).toMatchObject({
    state: 'sending',
    deferred: 6,
    reason: null,
  })
  expect(first.nextDue).toBe(time + 5 * 60_000)
  greylisting = false
  time += 5 * 60_000 + 1
  expect((await send(to, { clock })).status).toMatchObject({ state: 'done', accepted: 6 })
  expect(server.copies.size).toBe(6)
})

test('only an address that does not exist is suppressed', async () => {
  await addPeople(desk.subscribers, 3)
  const replies = new Map([
    ['reader1@reader.test', { code: 550, text: '5.1.1 nobody here' }],
    ['reader2@reader.test', { code: 554, text: '5.7.1 policy' }],
  ])
  const server = await sink({ onRecipient: (to) => replies.get(to) ?? null })
  expect((await send(transport(server.port))).status).toMatchObject({
    state: 'done',
    rejected: 2,
    accepted: 1,
  })
  expect(await desk.subscribers.suppressionOf(address('reader1@reader.test'))).toMatchObject({
    reason: 'bounced',
  })
  expect(await desk.subscribers.suppressionOf(address('reader2@reader.test'))).toBeNull()
})

test('a server that refuses us pauses the round with its reason, and nobody is lost', async () => {
  await addPeople(desk.subscribers, 20)
  const server = await sink()
  const refusing = transport(server.port, { auth: { user: 'desk', pass: 'wrong' } })
  const report = await send(refusing)
  expect(report.status).toMatchObject({ state: 'paused', queued: 20, accepted: 0 })
  expect(report.status.reason).toMatch(/^the server refuses us: /)
  expect((await send(transport(server.port))).status).toMatchObject({ state: 'done', accepted: 20 })
})

test('a server that is down is tried a few times; then the round waits, and goes on later', async () => {
  await addPeople(desk.subscribers, 20)
  const gone = await sink()
  await gone.close()
  const report = await send(transport(gone.port))
  expect(report.status).toMatchObject({ state: 'paused', queued: 20 })
  expect(report.status.reason).toMatch(/^the server cannot be reached: /)
  const server = await sink()
  expect((await send(transport(server.port))).status).toMatchObject({ state: 'done', accepted: 20 })
})

test('a message whose answer is lost is unknown, listed by name, and not sent again', async () => {
  await addPeople(desk.subscribers, 10)
  const server = await sink({
    onMessage: async (to) => {
      if (to === 'reader5@reader.test') await new Promise((resolve) => setTimeout(resolve, 900))
      return null
    },
  })
  const to = transport(server.port, { timeouts: { reply: 300 } })
  const report = await send(to)
  expect(report.status).toMatchObject({ state: 'done', accepted: 9, unknown: 1 })
  const round = await desk.deliveries.round('2025-w46', 'real')
  expect(await desk.deliveries.unknowns(round?.id ?? 0)).toMatchObject([{ address: 'reader5@reader.test' }])
  await send(to)
  // The server took it after all: had it been sent again, there would be two.
  await expect.poll(() => server.recipients.filter((each) => each === 'reader5@reader.test').length).toBe(1)
})

describe('in the middle of a send', () => {
  const slow = async (): Promise<null> => {
    await new Promise((resolve) => setTimeout(resolve, 5))
    return null
  }

  test('an interruption finishes what is on the wire, saves, and the next send goes on', async () => {
    await addPeople(desk.subscribers, 60)
    const stop = new AbortController()
    const server = await sink({
      onMessage: async () => {
        if (server.recipients.length > 10) stop.abort()
        return slow()
      },
    })
    const to = transport(server.port)
    const report = await send(to, { interrupted: stop.signal })
    expect(report).toMatchObject({
      interrupted: true,
      status: { state: 'paused', unknown: 0, claimed: 0, onWire: 0 },
    })
    expect(report.status.accepted).toBe(server.recipients.length)
    expect(report.status.accepted).toBeLessThan(60)
    expect((await send(to)).status).toMatchObject({ state: 'done', accepted: 60, unknown: 0 })
    expect([...server.copies.values()].every((count) => count === 1)).toBe(true)
    expect(server.copies.size).toBe(60)
  })

  test('whoever leaves gets nothing more, and a pause from elsewhere holds', async () => {
    await addPeople(desk.subscribers, 60)
    let left: string | null = null
    let paused = false
    const server = await sink({
      onMessage: async () => {
        if (server.recipients.length >= 10 && left === null) {
          left = Array.from({ length: 60 }, (_, index) => `reader${index + 1}@reader.test`).findLast(
            (each) => !server.recipients.includes(each),
          ) as string
          await desk.subscribers.unsubscribe(address(left), 'weekly')
        }
        if (server.recipients.length >= 20 && !paused) {
          paused = true
          const round = await desk.deliveries.round('2025-w46', 'real')
          await desk.deliveries.setState(round?.id ?? 0, 'paused', 'lunch')
        }
        return slow()
      },
    })
    const to = transport(server.port)
    const report = await send(to)
    expect(report.status).toMatchObject({ state: 'paused', reason: 'lunch', claimed: 0, onWire: 0 })
    expect(server.recipients.length).toBeLessThan(30)
    expect((await send(to)).status).toMatchObject({ state: 'done', accepted: 59, suppressed: 1 })
    expect(server.recipients).not.toContain(left)
  })

  test('stopped to be corrected, it goes on as it is then to whom it had not reached, and to nobody twice', async () => {
    await addPeople(desk.subscribers, 60)
    let stopped = false
    const server = await sink({
      onMessage: async () => {
        if (server.recipients.length >= 20 && !stopped) {
          stopped = true
          const round = await desk.deliveries.round('2025-w46', 'real')
          await desk.deliveries.setState(round?.id ?? 0, 'cancelled', null)
        }
        return slow()
      },
    })
    const to = transport(server.port)
    await expect(send(to, { corrected: true })).rejects.toThrow(/not begun, not cancelled/)
    expect((await send(to)).status.state).toBe('cancelled')
    const before = server.recipients.length
    expect(before).toBeLessThan(40)
    await expect(send(to)).rejects.toMatchObject({ hint: expect.stringContaining('--corrected') })
    const corrected = { corrected: true, ready: async () => readyIssue('2025-w46', 'two') }
    const report = await send(to, corrected)
    expect(report.status).toMatchObject({ state: 'done', total: 60 - before, accepted: 60 - before })
    expect(server.copies.size).toBe(60)
    expect(new Set(server.recipients).size).toBe(60)
    const [first = '', last = ''] = [server.recipients[0], server.recipients.at(-1)]
    expect(server.messages.get(first)).toContain('Subject: 2025-w46 one')
    expect(server.messages.get(last)).toContain('Subject: 2025-w46 two')
    await expect(send(to, corrected)).rejects.toMatchObject({ hint: expect.stringContaining('publish') })
    // New people get it as it is now; nobody of the first round does.
    await addPeople(desk.subscribers, 2, 'late')
    expect((await send(to, { ready: corrected.ready })).status.total).toBe(62 - before)
    expect(new Set(server.recipients).size).toBe(server.recipients.length)
  })

  test('a second send only watches', async () => {
    await addPeople(desk.subscribers, 60)
    const server = await sink({ onMessage: slow })
    const other = openDesk(desk.folder)
    const seen: boolean[] = []
    const first = send(transport(server.port))
    while (server.copies.size === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    const second = sendIssue(other, '2025-w46', {
      transport: transport(server.port),
      ready: async () => readyIssue(),
      onProgress: (_, watching) => seen.push(watching),
    })
    expect((await first).status).toMatchObject({ state: 'done', accepted: 60 })
    expect((await second).status).toMatchObject({ state: 'done', accepted: 60 })
    other.close()
    expect(seen).toContain(true)
    expect([...server.copies.values()].every((count) => count === 1)).toBe(true)
  })
})

describe('a send that is interrupted while another process has the right to send', () => {
  const interruptWaiting = () => {
    const stop = new AbortController()
    return {
      interrupted: stop.signal,
      onProgress: (_: unknown, watching: boolean) => watching && stop.abort(),
    }
  }

  test('leaves the round paused that it had begun, or gone on with', async () => {
    await addPeople(desk.subscribers, 3)
    const server = await sink()
    const lock = await desk.lockSender()
    for (const how of ['begun', 'resumed']) {
      const report = await send(transport(server.port), interruptWaiting())
      expect(report).toMatchObject({ how, interrupted: true })
      expect(report.status).toMatchObject({ state: 'paused', reason: 'interrupted', queued: 3 })
    }
    lock?.release()
    expect((await send(transport(server.port))).status).toMatchObject({ state: 'done', accepted: 3 })
  })

  test('leaves alone a round that was going on before', async () => {
    await addPeople(desk.subscribers, 60)
    const server = await sink({
      async onMessage() {
        await new Promise((resolve) => setTimeout(resolve, 20))
        return null
      },
    })
    const other = openDesk(desk.folder)
    const first = send(transport(server.port))
    while (server.copies.size === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    const options = { transport: transport(server.port), ready: async () => readyIssue() }
    const second = await sendIssue(other, '2025-w46', { ...options, ...interruptWaiting() })
    expect(second.status.state).toBe('sending')
    expect((await first).status).toMatchObject({ state: 'done', accepted: 60 })
    other.close()
  })
})

test('where the editions cannot be opened the round is paused with the reason', async () => {
  await addPeople(desk.subscribers, 3)
  const server = await sink()
  const get = async (): Promise<never> => {
    throw new Error('the edition is damaged')
  }
  const broken = { ...desk, editions: { ...desk.editions, get } }
  const options = { transport: transport(server.port), ready: async () => readyIssue() }
  expect((await sendIssue(broken, '2025-w46', options)).status).toMatchObject({
    ...{ state: 'paused', reason: 'no message can be made: the edition is damaged' },
    queued: 3,
  })
  expect((await send(transport(server.port))).status).toMatchObject({ state: 'done', accepted: 3 })
})

test('a send goes no faster than it is told', async () => {
  await addPeople(desk.subscribers, 30)
  const server = await sink()
  const started = Date.now()
  await send(transport(server.port), { limits: { perSecond: 50 } })
  expect(Date.now() - started).toBeGreaterThan(450)
})

test('the two copies of a retried message are the same bytes', async () => {
  let time = Date.now()
  const clock = { now: () => time }
  desk.close()
  desk = openDesk(undefined, clock)
  await addPeople(desk.subscribers, 1)
  const attempts: string[] = []
  const server = await sink({
    onMessage: (_, raw) => (attempts.push(raw) === 1 ? { code: 451, text: '4.3.0 later' } : null),
  })
  const to = transport(server.port)
  await send(to, { clock })
  time += 3_600_000
  await send(to, { clock })
  expect(attempts).toHaveLength(2)
  expect(attempts[1]).toBe(attempts[0])
})

test('when the store takes no commit, no message goes out that it does not know of', async () => {
  await addPeople(desk.subscribers, 20)
  const server = await sink()
  let commits = 0
  const broken: TestDesk = {
    ...desk,
    deliveries: {
      ...desk.deliveries,
      async advance(round, steps) {
        commits += 1
        if (commits > 3) throw new Error('database or disk is full')
        return desk.deliveries.advance(round, steps)
      },
    },
  }
  const report = await sendIssue(broken, '2025-w46', {
    transport: transport(server.port),
    ready: async () => readyIssue(),
  })
  expect(report.status).toMatchObject({
    state: 'paused',
    reason: 'the store could not be written: database or disk is full',
  })
  const begun = report.status.accepted + report.status.onWire
  expect(server.copies.size).toBeLessThanOrEqual(begun)
  const mended = await send(transport(server.port))
  expect(mended.status.state).toBe('done')
  expect(mended.status.accepted + mended.status.unknown).toBe(20)
  expect([...server.copies.values()].every((count) => count === 1)).toBe(true)
})
