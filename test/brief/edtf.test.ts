import { expect, test } from 'vitest'
import { compareEdtf, formatEdtf, parseEdtf, type Edtf } from '../../src/brief/edtf.ts'

test.each(['2025', '2025-11', '2025-11-08', '2025-11-08~', '2025~', '2024-02-29', '0999-01-01'])(
  '%s is a date',
  (text) => {
    expect(parseEdtf(text)).not.toBeNull()
  },
)

test.each([
  '',
  '25',
  '2025-13',
  '2025-00',
  '2025-11-31',
  '2025-02-29',
  '2025-11-00',
  '2025-11-8',
  '8 November',
  '2025-11-08?',
  ' 2025',
  '2025-11-08T10:00',
  '1900-02-29',
])('“%s” is none', (text) => {
  expect(parseEdtf(text)).toBeNull()
})

test('dates sort by their first day, the vaguer first', () => {
  const texts = ['2025-11-08', '2025', '2024-12-24', '2025-11', '2025-11-07~', '2025-10']
  const sorted = texts
    .map((text) => ({ text, edtf: parseEdtf(text) }))
    .filter((each): each is { text: string; edtf: Edtf } => each.edtf !== null)
    .toSorted((a, b) => compareEdtf(a.edtf, b.edtf))
  expect(sorted.map((each) => each.text)).toEqual([
    '2024-12-24',
    '2025',
    '2025-10',
    '2025-11',
    '2025-11-07~',
    '2025-11-08',
  ])
})

test.each([
  ['2025-11-08', 'en', '8 November 2025'],
  ['2025-11-08~', 'en', 'about 8 November 2025'],
  ['2025-11', 'en', 'November 2025'],
  ['2025', 'en', '2025'],
  ['2025~', 'en', 'about 2025'],
  ['2025-11-08', 'en-US', 'November 8, 2025'],
  ['2025-11-08', 'de', '8. November 2025'],
  ['2025-11-08', 'no_such_language', '8 November 2025'],
])('%s in %s reads “%s”', (text, lang, words) => {
  const edtf = parseEdtf(text)
  expect(edtf === null ? null : formatEdtf(edtf, lang)).toBe(words)
})
