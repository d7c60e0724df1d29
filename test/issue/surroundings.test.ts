import { describe, expect, test } from 'vitest'
import { surroundings } from '../../src/issue/surroundings.ts'
import { quotationMatcher } from '../../src/sources/quotation.ts'

const text = [
  'The council met on Tuesday.',
  'The mayor spoke first. “The bridge stays shut,” she said, and the hall fell silent. Its keys are with the harbour office.',
  'Nobody else spoke.',
].join('\n\n')
const around = (quote: string, withheld: string[] = [], of = text) =>
  surroundings(of, quotationMatcher(of), quote, withheld)

describe('the words around a quotation', () => {
  test('are those of its paragraph', () => {
    expect(around('The bridge stays shut')).toEqual({
      before: 'The mayor spoke first. “',
      after: ',” she said, and the hall fell silent. Its keys are with the harbour office.',
      found: true,
    })
  })

  test('end where a passage begins or ended that the reader may not read', () => {
    expect(
      around('the hall fell silent', ['Its keys are with the harbour office.', 'The mayor spoke first']),
    ).toEqual({
      before: '. “The bridge stays shut,” she said, and',
      after: '.',
      found: true,
    })
    const overlapping = around('the hall fell silent', ['she said, and the hall'])
    expect(overlapping.before).toBe('')
  })

  test('are none where such a passage cannot be placed in the copy', () => {
    expect(around('the hall fell silent', ['The mayor spoke of a dam'])).toEqual({
      before: '',
      after: '',
      found: true,
    })
  })

  test('are none where the copy does not hold the quotation', () => {
    expect(around('The bridge stays open')).toEqual({ before: '', after: '', found: false })
  })

  test('go no further than a few lines, to whole words or a sentence', () => {
    const long = `${'many words stand here before it '.repeat(20)}the very passage${' and many more after it'.repeat(20)}`
    const { before, after } = around('the very passage', [], long)
    expect(before).toMatch(/^… \w+ [\w ]+ it$/)
    expect(after).toMatch(/^and many [\w ]+ …$/)
    expect(before.length).toBeLessThan(190)
  })
})
