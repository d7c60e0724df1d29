import { expect, test } from 'vitest'
import { nextDues } from '../../src/studio/next-dues.ts'

const cadences = {
  weekly: { every: 'Friday', at: '07:00' },
  flash: { every: 'Tuesday', at: '18:00' },
}
const now = Date.parse('2026-11-26T12:00Z')
const due = (...issues: Parameters<typeof nextDues>[1]) =>
  nextDues({ cadences, timeZone: 'Europe/Malta' }, issues, now).map(
    ({ newsletter, at }) => `${newsletter} ${new Date(at).toISOString()}`,
  )

test('the next issues are due by the clocks of the publication, the first one first', () => {
  expect(due()).toEqual(['weekly 2026-11-27T06:00:00.000Z', 'flash 2026-12-01T17:00:00.000Z'])
})

test('what went out ahead of its day is not due any more; a draft, or one without a real date, changes nothing', () => {
  expect(
    due(
      { newsletter: 'weekly', date: '2026-11-27', state: 'sent' },
      { newsletter: 'flash', date: '2026-12-01', state: 'draft' },
      { newsletter: 'flash', date: '2026-13-40', state: 'sent' },
    ),
  ).toEqual(['flash 2026-12-01T17:00:00.000Z', 'weekly 2026-12-04T06:00:00.000Z'])
})
