import fc from 'fast-check'
import { expect, test } from 'vitest'
import { searchTerms, wordsIn } from '../../src/store/search-query.ts'
import { snippetOf } from '../../src/store/search-snippet.ts'
import { fold, openWords } from '../../src/store/search-words.ts'

/** Writing of many kinds, and what stands between words. */
const text = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('Ésope', '停戦は', '𠀀𠀁', 'ΣΑΣ', '🙂', ' ', '3.5'),
    ),
  )
  .map((parts) => parts.join('').toWellFormed())

test('a text has the words that a query of it would have, where they stand in it', () => {
  fc.assert(
    fc.property(text, (all) => {
      const known = wordsIn(all)
      const words = openWords(all, known.map(fold))
      const folded = known.map((_, index) => words.at(index))
      expect(folded).toEqual(known.map(fold))
      expect(words.at(known.length)).toBeNull()
      expect(known.map((_, index) => all.slice(words.begin(index), words.end(index)))).toEqual(known)
    }),
  )
})

test('an excerpt is a piece of the text that marks words which were searched for, and nothing else', () => {
  fc.assert(
    fc.property(text, fc.nat({ max: 80 }), (part, count) => {
      const all = `${part} ${'then '.repeat(count)}Here ${part}`
      const snippet = snippetOf(all, searchTerms('here'))
      expect(all).toContain(snippet.join('').replace(/^…|…$/g, ''))
      expect(snippet.length).toBeGreaterThanOrEqual(3)
      for (const [index, piece] of snippet.entries())
        if (index % 2 === 1) expect(fold(piece)).toMatch(/^here/)
    }),
  )
})
