import { afterEach, expect, test, vi } from 'vitest'
import { clock } from '../../src/cli/round-text.ts'
import { whileCounting } from '../../src/cli/while-counting.ts'
import { drawProgress } from '../../src/cli/send-progress.ts'
import type { RoundStatus } from '../../src/delivery/status.ts'
import { openDesk } from '../delivery/desk.ts'
import { contextIn, emptyFolder } from './scaffold-context.ts'

const START = Date.parse('2026-03-10T12:00:00Z')

afterEach(() => {
  vi.useRealTimers()
})

test('in a log a send that waits for the next hour says so once, until when, and then goes on as before', () => {
  const desk = openDesk()
  const lines: string[] = []
  const draw = drawProgress({ ...contextIn(emptyFolder()), note: (line) => void lines.push(line) }, desk)
  const status: RoundStatus = {
    ...{ issue: '2025-w46', transport: 'smtp://mail.test:25', state: 'sending', reason: null, total: 60 },
    ...{ queued: 50, claimed: 0, onWire: 0, deferred: 0, accepted: 10, rejected: 0, unknown: 0 },
    ...{ suppressed: 0, cancelled: 0, bounced: 0, complained: 0, rate: 45, finishedAt: null },
    startedAt: new Date(START).toISOString(),
  }
  const until = START + 3_600_000
  const usedUp = { reason: 'the hour’s 10 are used up', until }
  vi.useFakeTimers({ toFake: ['Date'] })
  for (let second = 0; second < 60; second += 1) {
    vi.setSystemTime(START + second * 1_000)
    draw(status, false, second < 10 || second >= 50 ? null : usedUp)
  }
  const goesOn = '10 of 60 · 45/s · 1.1 s left'
  expect(lines).toEqual([
    ...[goesOn, goesOn],
    `10 of 60 · the hour’s 10 are used up; goes on at ${clock(until)}`,
    ...[goesOn, goesOn],
  ])
  desk.close()
})

test('a count that takes a while is told of once, and one that does not is not', async () => {
  const noted: string[] = []
  const context = {
    terminal: false,
    note: (text: string) => void noted.push(text),
    drawProgress: () => undefined,
  }
  expect(await whileCounting(context, Promise.resolve(7), 0)).toBe(7)
  expect(noted).toEqual([])
  const { promise, resolve } = Promise.withResolvers<number>()
  const counting = whileCounting(context, promise, 0)
  await expect.poll(() => noted).toEqual(['counting the people it is for …'])
  resolve(8)
  expect(await counting).toBe(8)
})
