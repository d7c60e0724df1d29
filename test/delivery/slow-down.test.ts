import { expect, test } from 'vitest'
import { asksToSlowDown } from '../../src/delivery/slow-down.ts'

test.each([
  ['421 not so many', true],
  ['421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to user complaints', true],
  ['421-4.7.28 Our system has detected an unusual rate of unsolicited mail', true],
  ['450 4.3.2 try later', true],
  ['451 4.7.650 The mail server has been temporarily rate limited due to IP reputation', true],
  ['452 4.5.3 Too many recipients', true],
  ['450 4.7.1 Rate limit exceeded', true],
  ['450 4.7.1 Client host rejected: greylisted, come back', false],
  ['421 4.7.0 Graylisting in action, too many unknown senders', false],
  ['450 4.2.0 Greylisted for 300 seconds', false],
  ['450 4.2.2 mailbox full', false],
  ['451 4.3.0 trouble', false],
])('%s: %s', (reply, expected) => {
  expect(asksToSlowDown(reply)).toBe(expected)
})
