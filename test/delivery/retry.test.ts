import fc from 'fast-check'
import { expect, test } from 'vitest'
import { reconnectAfter, retryAt } from '../../src/delivery/retry.ts'

const HOUR = 3_600_000

const minutes = (attempts: number): number | null => {
  const at = retryAt(attempts, 0, 0, 0.5)
  return at === null ? null : at / 60_000
}

test('the first wait is long enough for greylisting, later ones grow to four hours', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 8, 30].map(minutes)).toEqual([5, 10, 20, 40, 80, 160, 240, 240, 240])
})

test('the wait varies by a fifth either way', () => {
  expect(retryAt(1, 0, 0, 0)).toBe(4 * 60_000)
  expect(retryAt(1, 0, 0, 1)).toBe(6 * 60_000)
})

test('after 48 hours a delivery is given up', () => {
  expect(retryAt(9, 0, 43 * HOUR, 0.5)).toBe(47 * HOUR)
  expect(retryAt(9, 0, 45 * HOUR, 0.5)).toBeNull()
})

test('a clock that leaps ahead by days gives up nobody who was not tried three times', () => {
  const leapt = 400 * 24 * HOUR
  expect(retryAt(1, 0, leapt, 0.5)).toBe(leapt + 5 * 60_000)
  expect(retryAt(2, 0, leapt, 0.5)).toBe(leapt + 10 * 60_000)
  expect(retryAt(3, 0, leapt, 0.5)).toBeNull()
})

test('a domain that asked for rest is tried when it has had it, and no longer than 48 hours', () => {
  expect(retryAt(5, 0, HOUR, 0.5, 2_000)).toBe(HOUR + 2_000)
  expect(retryAt(5, 0, 48 * HOUR, 0.5, 2_000)).toBeNull()
})

test('a clock that is set back makes no wait negative and no row lost', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -3, max: 50 }),
      fc.integer({ min: 0, max: 40 * HOUR }),
      fc.integer({ min: -2 * HOUR, max: 0 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (attempts, first, back, random) => {
        const now = first + back
        const at = retryAt(attempts, first, now, random)
        expect(at).not.toBeNull()
        expect((at ?? 0) - now).toBeGreaterThanOrEqual(4 * 60_000)
        expect((at ?? 0) - now).toBeLessThanOrEqual(288 * 60_000)
      },
    ),
  )
})

test('a server that stays down is tried a few times, at growing distances', () => {
  expect([1, 2, 3, 4, 5].map(reconnectAfter)).toEqual([250, 1_000, 3_000, 8_000, null])
})
