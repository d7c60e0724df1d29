import fc from 'fast-check'
import { expect, test } from 'vitest'
import { setStatus } from '../../src/brief/set-status.ts'

const statuses = ['draft', 'review', 'approved'] as const

test('only the word changes: quotes give way, comments, order, line ends and the byte order mark stay', () => {
  const cases: [string, string][] = [
    ['---\nstatus: draft\n---\nText\n', '---\nstatus: review\n---\nText\n'],
    [
      '---\na: 1\nstatus:   "draft"  # not yet\nb: 2\n---\n',
      '---\na: 1\nstatus:   review  # not yet\nb: 2\n---\n',
    ],
    [
      '\uFEFF---\r\nstatus: draft\r\nb: x\r\n---\r\nText\r\n',
      '\uFEFF---\r\nstatus: review\r\nb: x\r\n---\r\nText\r\n',
    ],
    ["---yaml\n'status': 'approved'\n---", "---yaml\n'status': review\n---"],
    ['---\nstatus:\nb: 1\n---\n', '---\nstatus: review\nb: 1\n---\n'],
    ['---\n{subject: x, status: draft}\n---\n', '---\n{subject: x, status: review}\n---\n'],
    ['---\nstatus: &s draft\n---\n', '---\nstatus: &s review\n---\n'],
    [
      '---\nsubject: "status: draft"\nstatus: draft\n---\nstatus: draft\n',
      '---\nsubject: "status: draft"\nstatus: review\n---\nstatus: draft\n',
    ],
  ]
  for (const [before, after] of cases) expect([before, setStatus(before, 'review')]).toEqual([before, after])
})

test('a file without the key gets it as its last', () => {
  expect(setStatus('---\na: 1\n---\nText', 'draft')).toBe('---\na: 1\nstatus: draft\n---\nText')
  expect(setStatus('---\r\na: 1\r\n---\r\n', 'draft')).toBe('---\r\na: 1\r\nstatus: draft\r\n---\r\n')
  expect(setStatus('---\n  a: 1\n---\n', 'draft')).toBe('---\n  a: 1\n  status: draft\n---\n')
  expect(setStatus('---\na: |\n  status: no\n---\n', 'draft')).toBe(
    '---\na: |\n  status: no\nstatus: draft\n---\n',
  )
})

test('what cannot be changed with certainty is left alone', () => {
  for (const text of [
    '',
    'no frontmatter\n',
    '---\nstatus: draft\n',
    '---js\nstatus: draft\n---\n',
    '---\nstatus: draft\nstatus: review\n---\n',
    '---\nstatus: [draft]\n---\n',
    '---\na: &s draft\nstatus: *s\n---\n',
    '---\nstatus: &s draft\nb: *s\n---\n',
    '---\n- draft\n---\n',
    '---\na: [\n---\n',
    '---\n{a: 1}\n---\n',
  ])
    expect([text, setStatus(text, 'review')]).toEqual([text, null])
})

const key = fc.constantFrom('subject', 'preheader', 'date', 'lang', 'briefs', 'tags', 'Status')
const scalar = fc.constantFrom(
  'x',
  '"status: draft"',
  "'it''s'",
  '2025-11-14',
  '[a, b]',
  '|\n  status: draft',
  '# none',
  '~',
)
const comment = fc.constantFrom('', '  # status: draft', ' ')
const entry = fc
  .tuple(key, scalar, comment)
  .map(([name, value, note]) => `${name}: ${value}${value.includes('\n') ? '' : note}`)
const file = fc
  .record({
    entries: fc.uniqueArray(entry, { selector: (line) => line.split(':')[0], maxLength: 6 }),
    at: fc.nat(6),
    status: fc.constantFrom('draft', ' "review"', "'approved'   # why", ' ', 'nonsense'),
    body: fc.string({ maxLength: 40 }),
    end: fc.constantFrom('\n', '\r\n'),
    mark: fc.constantFrom('', '\uFEFF'),
  })
  .map(({ entries, at, status, body, end, mark }) => {
    const lines = entries.toSpliced(at, 0, `status: ${status}`).join('\n').split('\n')
    return mark + ['---', ...lines, '---', body].join(end)
  })

test('no byte but those of the status changes, and there and back is the same', () => {
  fc.assert(
    fc.property(file, fc.constantFrom(...statuses), fc.constantFrom(...statuses), (text, first, second) => {
      const once = setStatus(text, first)
      fc.pre(once !== null)
      const twice = setStatus(once ?? '', second)
      const line = /^(status: ?)[^]*?([ \t]*(?:#.*)?)$/mu
      const rest = (of: string) => of.replace(/\r/gu, '').replace(line, '')
      expect(rest(once ?? '')).toBe(rest(text))
      expect(once).toContain(first)
      expect(setStatus(twice ?? '', first)).toBe(once)
      expect(setStatus(once ?? '', first)).toBe(once)
    }),
    { numRuns: 400 },
  )
})
