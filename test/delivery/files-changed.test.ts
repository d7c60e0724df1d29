import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import PostalMime from 'postal-mime'
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

describe('when the files change after a round was frozen', () => {
  const second = async () => readyIssue('2025-w46', 'two')
  const subjectOf = async (raw: string | undefined) => (await PostalMime.parse(raw ?? '')).subject

  async function unreachable(): Promise<Transport> {
    const gone = await sink()
    await gone.close()
    return transport(gone.port, { label: 'smtp://gone' })
  }

  test('the new version goes out if nothing had, to whoever is there now, on mail and page alike', async () => {
    await addPeople(desk.subscribers, 5)
    expect((await send(await unreachable())).status).toMatchObject({
      state: 'paused',
      transport: 'smtp://gone',
    })
    await desk.subscribers.unsubscribe(address('reader1@reader.test'), 'weekly')
    await addPeople(desk.subscribers, 1, 'late')
    const server = await sink()
    const told: string[] = []
    const report = await send(transport(server.port), {
      ready: second,
      onChange: ({ kind }, how) => {
        expect(server.recipients).toEqual([])
        told.push(`${how} ${kind}`)
      },
    })
    expect(told).toEqual(['resumed refrozen'])
    expect(report).toMatchObject({ how: 'resumed', change: { kind: 'refrozen' } })
    expect(report.status).toMatchObject({ state: 'done', total: 5, accepted: 5, transport: 'smtp://sink' })
    for (const raw of server.messages.values()) expect(await subjectOf(raw)).toBe('2025-w46 two')
    expect(server.recipients.toSorted()[0]).toBe('late1@reader.test')
    expect(await desk.editions.published('2025-w46')).toMatchObject({ subject: '2025-w46 two' })
  })

  test('the frozen version goes out to the others once one has seen it, and it is said', async () => {
    await addPeople(desk.subscribers, 30)
    const stop = new AbortController()
    const server = await sink({
      onMessage: async () => {
        stop.abort()
        return null
      },
    })
    await send(transport(server.port), { interrupted: stop.signal })
    const report = await send(transport(server.port), { ready: second })
    expect(report).toMatchObject({ change: { kind: 'kept' }, status: { state: 'done', accepted: 30 } })
    for (const raw of server.messages.values()) expect(await subjectOf(raw)).toBe('2025-w46 one')
    expect(await desk.editions.published('2025-w46')).toMatchObject({ subject: '2025-w46 one' })
  })

  test('files that cannot go out now do not stop what is frozen', async () => {
    await addPeople(desk.subscribers, 2)
    await send(await unreachable())
    const server = await sink()
    const report = await send(transport(server.port), {
      ready: () => Promise.reject(new Error('one.md:3:1 something is wrong')),
    })
    expect(report).toMatchObject({ change: { kind: 'blocked' }, status: { state: 'done', accepted: 2 } })
  })

  test('a send that waits for another one does not replace what that one sends', async () => {
    await addPeople(desk.subscribers, 30)
    await send(await unreachable())
    const server = await sink({
      onMessage: async () => {
        await new Promise((resolve) => setTimeout(resolve, 5))
        return null
      },
    })
    const other = openDesk(desk.folder)
    const lock = await other.lockSender()
    const waitingSend = sendIssue(other, '2025-w46', {
      transport: transport(server.port),
      ready: second,
    })
    await new Promise((resolve) => setTimeout(resolve, 50))
    lock?.release()
    const first = await send(transport(server.port))
    const report = await waitingSend
    other.close()
    expect(report.status).toMatchObject({ state: 'done', accepted: 30 })
    expect(first.status).toMatchObject({ state: 'done', accepted: 30 })
    const subjects = new Set(await Promise.all([...server.messages.values()].map(subjectOf)))
    expect(subjects.size).toBe(1)
    expect(server.copies.size).toBe(30)
    expect([...server.copies.values()].every((count) => count === 1)).toBe(true)
  })

  test('after a cancel before anything went out the next round opens; after one, it does not', async () => {
    await addPeople(desk.subscribers, 2)
    const { id = 0 } =
      (await send(await unreachable()).then(() => desk.deliveries.round('2025-w46', 'real'))) ?? {}
    await desk.deliveries.setState(id, 'cancelled', null)
    const server = await sink({ onRecipient: () => ({ code: 450, text: '4.7.1 come back' }) })
    expect(await send(transport(server.port), { ready: second })).toMatchObject({
      how: 'begun',
      change: null,
    })
    const next = await desk.deliveries.round('2025-w46', 'real')
    expect(next).toMatchObject({ number: 2 })
    await desk.deliveries.setState(next?.id ?? 0, 'cancelled', null)
    await expect(send(transport(server.port))).rejects.toThrow(/was cancelled/)
  })

  test('a rehearsal begins anew and says so', async () => {
    await addPeople(desk.subscribers, 2)
    const outbox = await sink()
    const rehearsal = transport(outbox.port, { kind: 'outbox', label: 'the outbox' })
    expect(await send(rehearsal)).toMatchObject({ change: null })
    expect(await send(rehearsal, { ready: second })).toMatchObject({
      how: 'begun',
      change: { kind: 'renewed' },
    })
  })
})

test('the round is known by the server that sent the last of it, not by one that had nothing to send', async () => {
  await addPeople(desk.subscribers, 2)
  const server = await sink()
  await send(transport(server.port, { label: 'smtp://one' }))
  expect((await send(transport(server.port, { label: 'smtp://two' }))).status.transport).toBe('smtp://one')
  await addPeople(desk.subscribers, 1, 'late')
  expect((await send(transport(server.port, { label: 'smtp://two' }))).status.transport).toBe('smtp://two')
})
