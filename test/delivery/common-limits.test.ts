import { expect, test } from 'vitest'
import { describeDifferences, strictest } from '../../src/delivery/common-limits.ts'
import { noLimits } from '../../src/delivery/limits.ts'

const at = Date.parse('2026-11-22T12:00:00Z')
const server = 'smtp://mx.brief.test:25'

test('of each limit the strictest counts that anybody has, and a warm-up by what it leaves today', () => {
  const older = { from: '2026-11-20', first: 10, timeZone: 'UTC' }
  const newer = { from: '2026-11-22', first: 30, timeZone: 'UTC' }
  expect(strictest([noLimits, noLimits], at)).toEqual(noLimits)
  expect(
    strictest([{ ...noLimits, perSecond: 200, warmUp: older }, { ...noLimits, perHour: 9 }, noLimits], at),
  ).toEqual({ perSecond: 200, perHour: 9, perDomain: null, warmUp: older })
  const both = [older, newer].map((warmUp) => ({ ...noLimits, perSecond: warmUp.first, warmUp }))
  expect(strictest(both, at)).toMatchObject({ perSecond: 10, warmUp: newer })
})

test('what others have set otherwise is named with both values, and nothing is said of the same', () => {
  const ours = { ...noLimits, perSecond: 200 }
  expect(describeDifferences(server, ours, [ours, { ...ours }])).toBeNull()
  expect(describeDifferences(server, noLimits, [noLimits, { ...ours, perHour: 9 }, ours])).toContain(
    'SEND_RATE is not set here and 200 elsewhere; SEND_PER_HOUR is not set here and 9 elsewhere.',
  )
})
