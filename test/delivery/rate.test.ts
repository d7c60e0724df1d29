import { expect, test } from 'vitest'
import { createRateMeter } from '../../src/delivery/rate.ts'
import type { Round } from '../../src/delivery/round.ts'
import { statusOf } from '../../src/delivery/status.ts'

const none = { queued: 0, claimed: 0, on_wire: 0, deferred: 0, rejected: 0, unknown: 0 }
const tally = { ...none, accepted: 100, suppressed: 0, cancelled: 0, bounced: 0, complained: 0 }

test('the rate is that of the last ten seconds', () => {
  const meter = createRateMeter()
  expect(meter.note(0, 0)).toBe(0)
  expect(meter.note(5_000, 500)).toBe(100)
  expect(meter.note(15_000, 2_500)).toBe(200)
})

test('a clock that is set back makes no rate negative, and none that stays at nothing', () => {
  const meter = createRateMeter()
  meter.note(3_600_000, 500)
  expect(meter.note(1_000, 600)).toBe(0)
  expect(meter.note(2_000, 700)).toBe(100)
})

test.each([
  [10_000, 10],
  [0, 0],
  [-3_600_000, 0],
])('a round that took %d milliseconds by the clock went at %d a second', (took, rate) => {
  const round = { startedAt: 5_000_000, finishedAt: 5_000_000 + took, state: 'done' } as Round
  expect(statusOf(round, tally).rate).toBe(rate)
})
