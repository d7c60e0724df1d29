import { expect, test } from 'vitest'
import { reconnectAfter, retryAt } from '../../src/delivery/retry.ts'

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
  const hour = 3_600_000
  expect(retryAt(9, 0, 43 * hour, 0.5)).toBe(47 * hour)
  expect(retryAt(9, 0, 45 * hour, 0.5)).toBeNull()
})

test('a server that stays down is tried a few times, at growing distances', () => {
  expect([1, 2, 3, 4, 5].map(reconnectAfter)).toEqual([250, 1_000, 3_000, 8_000, null])
})
