import { expect, test } from 'vitest'
import { finding } from '../../src/core/finding.ts'
import type { ShelvedIssue } from '../../src/studio/library.ts'
import type { ShownFinding } from '../../src/studio/preview.ts'
import { dueOf, readinessOf } from '../../src/studio/readiness.ts'

function found(file: string, line: number): ShownFinding {
  const place = { file, line, column: 1, endLine: line, endColumn: 2 }
  return { ...finding('DC816', place, `Line ${line} is wrong.`), sourceLine: null }
}

function issue(findings: readonly ShownFinding[]): ShelvedIssue {
  const pictures = { public: 1, subscriber: 1, member: 1 }
  const latest = { id: 'w1', meta: null, findings, editions: null, images: [], files: [], state: '' }
  return { id: 'w1', latest, shown: null, fault: null, version: 1, pictures, partial: false }
}

test('the light has ten lines at most, each of which leads to its place, and says how many more there are', () => {
  const many = Array.from({ length: 14 }, (_, at) => found('briefs/w1/one.md', at + 1))
  const { light, lines, more, sentence } = readinessOf(issue(many))
  expect({ light, more, sentence }).toEqual({
    light: 'blocked',
    more: 4,
    sentence: '14 things to mend before it can go out.',
  })
  expect(lines.map(({ place }) => place?.line)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
})

test('what no editor of texts can open is named, and leads to Check', () => {
  const [line] = readinessOf(issue([found('templates/weekly/mail.hbs', 3)])).lines
  expect(line).toEqual({
    text: 'templates/weekly/mail.hbs, line 3: Line 3 is wrong.',
    screen: 'check',
    place: null,
  })
})

test('the light, its sentence and its lines say one number: what is to be done after mending is no part of it', () => {
  const { light, lines, more, sentence } = readinessOf(
    issue([found('briefs/w1/one.md', 1), found('briefs/w1/one.md', 2)]),
    dueOf('draft'),
  )
  expect({ light, sentence, number: lines.length + more }).toEqual({
    light: 'blocked',
    sentence: '2 things to mend before it can go out.',
    number: 2,
  })
  const due = readinessOf(issue([]), dueOf('draft'))
  expect([due.light, due.sentence, due.lines.length]).toEqual(['open', 'To be handed over for review.', 1])
})
