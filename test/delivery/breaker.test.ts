import fc from 'fast-check'
import { expect, test } from 'vitest'
import { areMostRefused, isGeneral, trips } from '../../src/delivery/breaker.ts'

test('a domain trips at ten attempts or more of which one in five was refused, and never before', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 99 }), (refusals) => {
      const counted = { attempts: 0, refused: 0 }
      refusals.forEach((refused, index) => {
        const soFar = refusals.slice(0, index + 1)
        const share = soFar.filter(Boolean).length / soFar.length
        expect(trips(counted, refused)).toBe(soFar.length >= 10 && share >= 0.2)
      })
    }),
  )
})

test('a domain that changes its mind after ten thousand messages trips within fifty', () => {
  const counted = { attempts: 0, refused: 0 }
  for (let index = 0; index < 10_000; index += 1) expect(trips(counted, false)).toBe(false)
  const refusals = Array.from({ length: 50 }, () => trips(counted, true))
  expect(refusals.indexOf(true)).toBeGreaterThanOrEqual(10)
})

test.each([
  ['nine of nine', 9, 9, 7, false],
  ['six of ten', 10, 6, 2, true],
  ['half of ten', 10, 5, 5, false],
  ['all of ten, by one domain', 10, 10, 1, false],
])('whether most are refused: %s', (_, attempts, refusals, by, expected) => {
  const each = Array.from({ length: attempts }, (__, index) => ({
    ...{ domain: `d${index % by}.test`, refused: index < refusals },
  }))
  expect(areMostRefused(each)).toBe(expected)
})

test.each([
  [['a.test', 1], false],
  [['a.test', 0.3, 'b.test', 0.2], false],
  [['a.test', 0.3, 'b.test', 0.21], true],
  [['a.test', 0.01, 'b.test', 0.01, 'c.test', 0.01], true],
])('whether %j are everybody: %s', (held, expected) => {
  const tripped = new Map<string, number>()
  for (let index = 0; index < held.length; index += 2)
    tripped.set(String(held[index]), Number(held[index + 1]))
  expect(isGeneral(tripped)).toBe(expected)
})
