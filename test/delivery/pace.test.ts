import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createPace } from '../../src/delivery/pace.ts'

/** When messages begin that arrive with these gaps and wait for their turn. */
function begun(perSecond: number, gaps: readonly number[]): number[] {
  const pace = createPace(perSecond)
  let after = Number.NEGATIVE_INFINITY
  let now = 0
  return gaps.map((gap) => {
    now += gap
    const slot = pace.slot(after, now)
    now = Math.max(now, slot)
    after = pace.after(slot)
    return now
  })
}

test('in no window do more begin than the rate allows after a burst of a tenth of a second', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(0.5, 3, 10, 500),
      fc.array(fc.nat({ max: 400 }), { minLength: 2, maxLength: 200 }),
      fc.integer({ min: 1, max: 30_000 }),
      (rate, gaps, span) => {
        const times = begun(rate, gaps)
        for (const from of times) {
          const within = times.filter((at) => at >= from && at < from + span).length
          expect(within).toBeLessThanOrEqual((rate * span) / 1_000 + Math.max(1, rate / 10) + 1)
        }
      },
    ),
  )
})

test.each([0.5, 10, 500])('at %d a second as many go out as may', (rate) => {
  const times = begun(
    rate,
    Array.from({ length: 100 }, () => 0),
  )
  expect(times.at(-1)).toBeLessThanOrEqual((99 * 1_000) / rate)
})

test('time in which nothing was sent is not made up for', () => {
  expect(begun(10, [0, 60_000, 0, 0, 0, 0])).toEqual([0, 60_000, 60_100, 60_200, 60_300, 60_400])
})

test('what is kept of a message may be forgotten once it makes no difference', () => {
  const pace = createPace(100)
  const after = pace.after(pace.slot(Number.NEGATIVE_INFINITY, 1_000))
  expect(pace.forgets(after, 1_000)).toBe(false)
  expect(pace.forgets(after, 1_200)).toBe(true)
})
