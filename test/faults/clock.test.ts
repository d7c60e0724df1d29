import { expect, onTestFinished, test } from 'vitest'
import { sendIssue } from '../../src/delivery/send-issue.ts'
import type { RoundStatus } from '../../src/delivery/status.ts'
import { openDesk, readyIssue, transportTo } from '../delivery/desk.ts'
import { addPeople } from '../delivery/people.ts'
import { startSink } from '../delivery/sink.ts'

const HOUR = 3_600_000
const PEOPLE = 300

test('a clock that jumps back an hour in mid-send costs nobody their message, and nobody gets it twice', async () => {
  let offset = 0
  const clock = { now: () => Date.now() + offset }
  const begun = clock.now()
  const greylisted = new Map<string, number>()
  const sink = await startSink({
    onRecipient(address) {
      if (sink.recipients.length === 100) offset = -HOUR
      if (!/reader\d*7@/.test(address)) return null
      const seen = (greylisted.get(address) ?? 0) + 1
      greylisted.set(address, seen)
      return seen === 1 ? { code: 450, text: '4.7.1 greylisted, come back' } : null
    },
  })
  onTestFinished(() => sink.close())
  const desk = openDesk(undefined, clock)
  onTestFinished(() => desk.close())
  await addPeople(desk.subscribers, PEOPLE)
  const seen: RoundStatus[] = []
  const send = async () => {
    const transport = transportTo(sink.port)
    try {
      return await sendIssue(desk, '2025-w46', {
        transport,
        clock,
        ready: async () => readyIssue(),
        limits: { perSecond: 400 },
        onProgress: (status) => void seen.push(status),
      })
    } finally {
      await transport.close()
    }
  }

  const started = performance.now()
  const first = await send()
  // The pace neither stood still for an hour nor let everything go at once.
  expect(performance.now() - started).toBeLessThan(20_000)
  expect(performance.now() - started).toBeGreaterThan((PEOPLE / 400) * 1_000 * 0.5)
  expect(first.status).toMatchObject({
    accepted: PEOPLE - greylisted.size,
    deferred: greylisted.size,
    unknown: 0,
  })
  for (const { rate } of seen) expect(rate >= 0 && Number.isFinite(rate), String(rate)).toBe(true)
  // Due after some minutes, by one reading of the clock or the other; never at once, never in days.
  expect(first.nextDue ?? 0).toBeGreaterThan(begun - HOUR + 60_000)
  expect(first.nextDue ?? 0).toBeLessThan(begun + HOUR)

  // Back again by an hour: they are not due, and nothing goes wrong.
  offset = -2 * HOUR
  expect((await send()).status).toMatchObject({ deferred: greylisted.size })
  offset = HOUR
  expect((await send()).status).toMatchObject({ state: 'done', accepted: PEOPLE, deferred: 0, unknown: 0 })
  expect(sink.copies.size).toBe(PEOPLE)
  // One refusal and, when it was due, one more attempt.
  expect([...greylisted.values()].filter((attempts) => attempts !== 2)).toEqual([])
  expect([...sink.copies.values()].filter((count) => count > 1)).toEqual([])
  // The date on the message is that of its first attempt.
  const [late = ''] = [...greylisted.keys()]
  const dated = Date.parse(/^Date: (.*)$/m.exec(sink.messages.get(late) ?? '')?.[1] ?? '')
  expect(Math.abs(dated - begun) % HOUR).toBeLessThan(60_000)
}, 60_000)

test('a lock is held by a living process and not by a time: a clock that jumps frees none and keeps none', async () => {
  let now = Date.UTC(2026, 0, 31)
  const desk = openDesk(undefined, { now: () => now })
  onTestFinished(() => desk.close())
  const lock = await desk.lockSender()
  expect(lock).not.toBeNull()
  for (const jump of [-HOUR, 48 * HOUR]) {
    now += jump
    expect(await desk.lockSender()).toBeNull()
  }
  lock?.release()
  now -= 72 * HOUR
  const again = await desk.lockSender()
  expect(again).not.toBeNull()
  again?.release()
})
