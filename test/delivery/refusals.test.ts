import { expect, test } from 'vitest'
import { isReservedDomain, refuseImpossible } from '../../src/delivery/refusals.ts'

const possible = {
  transport: { kind: 'smtp', local: false },
  baseUrl: 'https://brief.news',
  from: 'desk@brief.news',
  audience: { subscriber: 1, member: 1, reserved: 0 },
} as const

test('a real send needs links that open, a sender and recipients that exist', () => {
  expect(() => refuseImpossible(possible)).not.toThrow()
  expect(() => refuseImpossible({ ...possible, baseUrl: 'http://brief.news' })).toThrow(/unsubscribe link/)
  expect(() => refuseImpossible({ ...possible, baseUrl: 'https://brief.example.org' })).toThrow(
    /unsubscribe link/,
  )
  expect(() => refuseImpossible({ ...possible, from: 'desk@brief.test' })).toThrow(/reserved/)
  const audience = { ...possible.audience, reserved: 2 }
  expect(() => refuseImpossible({ ...possible, audience })).toThrow(/2 subscribers have an address under/)
})

test('the outbox, and a server on this machine, take everything', () => {
  const impossible = { ...possible, baseUrl: 'http://localhost:4870', from: 'desk@brief.test' }
  expect(() => refuseImpossible({ ...impossible, transport: { kind: 'outbox', local: true } })).not.toThrow()
  expect(() => refuseImpossible({ ...impossible, transport: { kind: 'smtp', local: true } })).not.toThrow()
})

test('which names are reserved', () => {
  expect(
    [
      'a.test',
      'test',
      'x.example',
      'example.org',
      'brief.example.com',
      'localhost',
      'A.INVALID',
      'a.test.',
    ].filter((name) => !isReservedDomain(name)),
  ).toEqual([])
  expect(
    ['attest', 'contest.org', 'myexample.org', 'example.de', 'test.de'].filter(isReservedDomain),
  ).toEqual([])
})
