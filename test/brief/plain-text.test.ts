import { expect, test } from 'vitest'
import { plainText } from '../../src/brief/plain-text.ts'
import { cite, p, text } from '../render/fixture.ts'

test('a narrative citation reads as the publisher that it names, any other as nothing', () => {
  const sentence = p(
    text('According to '),
    cite(1, { narrative: true }),
    text(' the dead were nine '),
    cite(2),
    text('.'),
  )
  expect(plainText(sentence)).toMatch(/^According to \p{L}[^[\]]* the dead were nine\.$/u)
  const [, named] = sentence.children
  if (named?.type !== 'citation') throw new Error('not a citation')
  expect(plainText(sentence)).toContain(named.marks?.[0]?.publisher)
  // Before projection nobody knows who published it.
  const { marks: _, ...unprojected } = named
  expect(plainText(unprojected)).toBe('')
})
