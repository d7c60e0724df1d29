import { expect, test } from 'vitest'
import { findWords } from '../../src/studio/ui/shell/find-words.ts'

const text = `The truce held. “There is a *complete* deadlock,” he said
[@caliber-1108, "There is a complete deadlock."] {key id=a}. It had
begun a [day earlier](https://example.org/a). The truce held on.
`
const found = (sentence: string, within = { from: 0, to: text.length }): string | null => {
  const at = findWords(text, within, sentence)
  return at === null ? null : text.slice(at.from, at.to)
}

test('a sentence is found by its words, whatever marks stand between them', () => {
  expect(found('It had begun a day earlier.')).toBe('It had\nbegun a [day earlier')
  expect(found('There is a complete deadlock,” he said [1].')).toBe(
    'There is a *complete* deadlock,” he said',
  )
})

test('of several places the one that has most of it is meant, from the given one on', () => {
  expect(found('The truce held on.')).toBe('The truce held on.')
  expect(found('The truce held.')).toBe('The truce held.')
  expect(found('The truce held.', { from: 20, to: text.length })).toBe('The truce held')
})

test('what is not there is not found, nor by two words alone', () => {
  expect(found('The gulls voted.')).toBe(null)
  expect(found('There is another matter.')).toBe(null)
  expect(found('')).toBe(null)
})
