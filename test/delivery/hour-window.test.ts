import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createHourWindow } from '../../src/delivery/hour-window.ts'

const HOUR = 3_600_000

test('whatever arrives when, no hour has more than the limit, and no wait is longer than it must be', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20 }),
      fc.array(fc.nat({ max: 900_000 }), { maxLength: 150 }),
      (limit, gaps) => {
        const window = createHourWindow(limit)
        const begun: number[] = []
        let now = 1_700_000_000_000
        for (const gap of gaps) {
          now += gap
          const wait = window.wait(now)
          const before = begun.at(-limit)
          // To the second: a second counts until all of it is an hour old.
          const must = before === undefined ? 0 : Math.max(0, before + HOUR - now)
          expect(wait).toBeGreaterThanOrEqual(must)
          expect(wait).toBeLessThanOrEqual(must === 0 ? 1_000 : must + 1_000)
          now += wait
          expect(window.wait(now)).toBe(0)
          window.add(now)
          begun.push(now)
        }
        begun.forEach((at, index) => {
          const first = begun[index - limit]
          if (first !== undefined) expect(at - first).toBeGreaterThanOrEqual(HOUR)
        })
      },
    ),
  )
})

test('what did not begin after all is not counted, once it is out of the hour either', () => {
  const window = createHourWindow(2)
  window.add(10_000, 2)
  expect(window.wait(20_000)).toBeGreaterThan(0)
  window.remove(10_000)
  expect(window.wait(20_000)).toBe(0)
  expect(window.wait(10 * HOUR)).toBe(0)
  window.remove(10_000)
  window.add(10 * HOUR, 2)
  expect(window.wait(10 * HOUR)).toBeGreaterThan(0)
})
