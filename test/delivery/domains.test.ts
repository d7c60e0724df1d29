import { expect, test } from 'vitest'
import { rest } from '../../src/delivery/domain.ts'
import { createDomains } from '../../src/delivery/domains.ts'

test('of a hundred thousand domains those are remembered of which something is known', () => {
  const domains = createDomains(5, null)
  const resting = domains.of('one@resting.test', 0)
  rest(resting, '421 not so many', 0)
  const narrow = domains.of('one@narrow.test', 0)
  narrow.width = 2
  narrow.lastAt = 400
  const busy = domains.of('one@busy.test', 0)
  busy.underWay = 1
  const held = domains.of('one@held.test', 0)
  held.hold = 'held'
  for (let index = 0; index < 100_000; index += 1) domains.of(`one@d${index}.test`, 500)
  expect([...domains.all()].length).toBeLessThanOrEqual(20_000)
  for (const domain of [resting, narrow, busy, held])
    expect(domains.of(`two@${domain.name.toUpperCase()}`, 500)).toBe(domain)

  // Ten minutes later it is another day for all but those under way or held.
  for (let index = 0; index < 40_000; index += 1) domains.of(`two@d${index}.test`, 700_000)
  expect(domains.of('one@busy.test', 700_000)).toBe(busy)
  expect(domains.of('one@held.test', 700_000)).toBe(held)
  expect(domains.of('one@narrow.test', 700_000)).not.toBe(narrow)
})
