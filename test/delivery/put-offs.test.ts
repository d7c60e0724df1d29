import { expect, test } from 'vitest'
import { hold, newDomain, rest, tryAgain } from '../../src/delivery/domain.ts'
import { createPutOffs } from '../../src/delivery/put-offs.ts'

const HOUR = 3_600_000

test('rows are put off until what their domain said then, also where its hold is over when they are fetched', () => {
  const putOffs = createPutOffs()
  const held = newDomain('held.test', 4)
  hold(held, '554 5.7.1 spam', 1_000)
  putOffs.add(held, [1, 2])
  tryAgain(held, 1_000 + HOUR)
  const resting = newDomain('resting.test', 4)
  rest(resting, '421 4.7.0 later', 5_000)
  putOffs.add(resting, [3])
  expect(putOffs.size).toBe(3)
  expect(putOffs.fetch()).toMatchObject([
    { ids: [1, 2], until: 1_000 + HOUR, reply: expect.stringContaining('refuses our mail') },
    { ids: [3], until: 6_000, reply: expect.stringContaining('asked for fewer') },
  ])
  expect(putOffs.fetch()).toEqual([])
})

test('rows of one domain that were put off at several times wait for the latest', () => {
  const putOffs = createPutOffs()
  const domain = newDomain('held.test', 4)
  hold(domain, '554 5.7.1 spam', 0)
  putOffs.add(domain, [1])
  hold(domain, '554 5.7.1 spam again', 5_000)
  putOffs.add(domain, [2])
  expect(putOffs.fetch()).toMatchObject([{ ids: [1, 2], until: 5_000 + HOUR }])
})
