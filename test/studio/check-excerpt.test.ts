import { expect, test } from 'vitest'
import type { CheckFinding } from '../../src/studio/contract/check.ts'
import { excerptOf } from '../../src/studio/ui/screens/check/excerpt.ts'
import { withParts } from '../../src/studio/ui/screens/check/parts-of.ts'

const sentences = Array.from({ length: 12 }, (_, at) => `The council cut ${at + 41} posts in March.`)
const paragraph = sentences.join(' ')

/** A finding from one offset of a line to another. */
function found(sourceLine: string | null, from: number, to: number) {
  return excerptOf({ sourceLine, line: 7, endLine: 7, column: from + 1, endColumn: to + 1 })
}

test('each finding of a long paragraph shows its own words, and what stands around them', () => {
  const shown = sentences.map((words) => {
    const from = paragraph.indexOf(words)
    return found(paragraph, from, from + words.length)
  })
  expect(shown.map((each) => each?.words)).toEqual(sentences)
  expect(new Set(shown.map((each) => `${each?.lead}${each?.words}${each?.tail}`)).size).toBeGreaterThan(10)
  for (const each of shown) {
    expect(`${each?.lead}${each?.words}${each?.tail}`.length).toBeLessThan(170)
  }
  expect(shown[5]).toEqual({
    lead: '… The council cut 45 posts in March. ',
    words: 'The council cut 46 posts in March.',
    tail: ' The council cut 47 posts in March. The council cut 48 posts in March. The council cut 49 …',
  })
})

test('a short line is shown as a whole, and marked only where less than all of it is meant', () => {
  expect(found('accessed: unknown', 10, 17)).toEqual({ lead: 'accessed: ', words: 'unknown', tail: '' })
  expect(found('  The gates closed.', 2, 19)).toEqual({ lead: '', words: '', tail: '  The gates closed.' })
  expect(found('The gates closed.', 0, 400)).toEqual({ lead: '', words: '', tail: 'The gates closed.' })
})

test('what goes on in the next line is marked to the end of this one; a point, an empty line and no file show no words', () => {
  const both = { sourceLine: 'One. Two', line: 7, column: 6, endLine: 8, endColumn: 3 }
  expect(excerptOf(both)).toEqual({ lead: 'One. ', words: 'Two', tail: '' })
  expect(found('One. Two', 5, 5)).toEqual({ lead: 'One. ', words: '', tail: 'Two' })
  expect(found('One.', 90, 91)).toEqual({ lead: 'One.', words: '', tail: '' })
  expect([found('  ', 0, 1), found(null, 0, 1)]).toEqual([null, null])
})

test('what is found of the sentences of a text that cites nothing is within what is found of the text', () => {
  const of = (rule: CheckFinding['rule'], file: string): CheckFinding => ({
    ...{
      rule,
      name: rule,
      file,
      key: `${rule} ${file}`,
      severity: 'warning',
      message: '',
      hint: null,
      waived: null,
    },
    ...{ line: 1, column: 1, endLine: 1, endColumn: 2, sourceLine: null, fixes: [] },
  })
  const bare = of('DC104', 'a.md')
  const [fact, quote, other, wording] = [
    of('DC201', 'a.md'),
    of('DC203', 'a.md'),
    of('DC201', 'b.md'),
    of('DC606', 'a.md'),
  ]
  expect(withParts([bare, fact, other, quote, wording])).toEqual([
    { finding: bare, parts: [fact, quote] },
    { finding: other, parts: [] },
    { finding: wording, parts: [] },
  ])
})
