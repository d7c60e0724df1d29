import { expect, test } from 'vitest'
import { createPace } from '../../src/delivery/pace.ts'

test('without a rate nothing waits', () => {
  const pace = createPace(null)
  expect([0, 0, 0].map((now) => pace.take(now))).toEqual([0, 0, 0])
})

test.each([0.5, 10, 500])('at %d a second no more than that go out in any ten seconds', (rate) => {
  const pace = createPace(rate)
  let now = 0
  const sent: number[] = []
  while (now < 60_000) {
    now += pace.take(now)
    sent.push(now)
  }
  const most = Math.max(...sent.map((from) => sent.filter((at) => at >= from && at < from + 10_000).length))
  expect(most).toBeLessThanOrEqual(rate * 10 + Math.max(1, rate * 0.1) + 1)
  expect(sent.length).toBeGreaterThan(rate * 60 * 0.95)
})

test('time in which nothing was sent is not made up for', () => {
  const pace = createPace(10)
  pace.take(0)
  const waits = Array.from({ length: 5 }, () => pace.take(60_000))
  expect(waits).toEqual([0, 100, 200, 300, 400])
})
