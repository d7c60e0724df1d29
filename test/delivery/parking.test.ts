import fc from 'fast-check'
import { expect, test } from 'vitest'
import { newDomain, type Domain } from '../../src/delivery/domain.ts'
import { createParking, hasNone } from '../../src/delivery/parking.ts'
import type { ClaimedDelivery } from '../../src/delivery/round.ts'

const row = (id: number): ClaimedDelivery => ({
  ...{ id, publicId: `p${id}`, address: `r${id}@a.test`, tier: 'subscriber', name: null },
  ...{ format: 'html', attempts: 0, firstAttemptAt: null },
})

test('rows come out in the order in which they came, however many, and those that are gone are passed over', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3_000 }), fc.integer({ min: 2, max: 9 }), (count, gone) => {
      const parking = createParking()
      const domain = newDomain('a.test', 3)
      for (let id = 1; id <= count; id += 1) parking.add(domain, row(id))
      expect(parking.size).toBe(count)
      const came: number[] = []
      for (;;) {
        const next = parking.shift(domain)
        if (next !== undefined) {
          came.push(next.id)
          continue
        }
        const wanted = parking.wanted()
        if (wanted.length === 0) break
        const left = wanted.filter((id) => id % gone !== 0)
        parking.bring(
          wanted,
          left.map((id) => [domain, row(id)] as const),
        )
      }
      const wholeAtOnce = 250
      expect(came).toEqual(
        Array.from({ length: count }, (_, index) => index + 1).filter(
          (id) => id <= wholeAtOnce || id % gone !== 0,
        ),
      )
      expect(parking.size).toBe(0)
      expect(hasNone(domain)).toBe(true)
    }),
    { numRuns: 30 },
  )
})

test('what is cleared comes out once, whole or by its id', () => {
  const parking = createParking()
  const domain = newDomain('a.test', 3)
  for (let id = 1; id <= 700; id += 1) parking.add(domain, row(id))
  parking.shift(domain)
  expect(parking.clear(domain)).toEqual(Array.from({ length: 699 }, (_, index) => index + 2))
  expect(parking.size).toBe(0)
  expect(parking.shift(domain)).toBeUndefined()
  expect(parking.wanted()).toEqual([])
})

test('when many domains wait, each one’s rows are read once there is room', () => {
  const parking = createParking()
  const domains: Domain[] = Array.from({ length: 12_000 }, (_, index) => newDomain(`d${index}.test`, 3))
  domains.forEach((domain, index) => parking.add(domain, row(index + 1)))
  const came = new Set<number>()
  const take = (): void => {
    for (const domain of domains) {
      const next = parking.shift(domain)
      if (next !== undefined) came.add(next.id)
    }
  }
  take()
  for (let wanted = parking.wanted(); wanted.length > 0; wanted = parking.wanted()) {
    parking.bring(
      wanted,
      wanted.map((id) => [domains[id - 1] as Domain, row(id)] as const),
    )
    take()
  }
  expect(came.size).toBe(12_000)
})
