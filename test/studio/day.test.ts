import { expect, test } from 'vitest'
import { dayInWords } from '../../src/studio/ui/shell/day.ts'

test.each([
  ['2025-11-14', '14 Nov 2025'],
  ['2025-11', 'Nov 2025'],
  ['2025', '2025'],
  ['2025-11-14~', 'about 14 Nov 2025'],
  ['2025-11-14T23:30:00Z', '14 Nov 2025'],
  ['2025-13', '2025-13'],
  ['unknown', 'unknown'],
])('the date %s is said no more precisely than it is known: %s', (date, words) => {
  expect(dayInWords(date)).toBe(words)
})
