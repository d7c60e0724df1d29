import { wordsIn, type SearchTerm } from '../search-query.ts'
import { fold } from '../search-words.ts'

/*
 * Words are found as SQLite's `unicode61 remove_diacritics 2` finds them, whatever the database's locale: the
 * vectors are made here, not by a parser of PostgreSQL's.
 */

/** Octets of all lexemes of a text: a vector has at most 1 MB. Nobody writes a brief of so many words. */
const ROOM = 500_000

/** Places above it are counted as this one (PostgreSQL, §12.11). */
const LAST_PLACE = 16_383

function foldedWords(text: string): string[] {
  return wordsIn(text).map(fold)
}

/** A text's columns: what phrases are looked for in, and the vector. */
export function searchColumns(title: string, words: string): { folded: string; vector: string } {
  const [head, body] = [foldedWords(title), foldedWords(words)]
  const places = new Map<string, string[]>()
  let [place, octets] = [0, 0]
  const add = (word: string, weight: string): void => {
    place = Math.min(place + 1, LAST_PLACE)
    const known = places.get(word)
    if (known === undefined) octets += Buffer.byteLength(word)
    if (known === undefined && octets > ROOM) return
    places.set(word, [...(known ?? []).slice(-255), `${place}${weight}`])
  }
  for (const word of head) add(word, 'A')
  for (const word of body) add(word, '')
  return {
    folded: ` ${head.join(' ')} \n ${body.join(' ')} `,
    vector: Array.from(places, ([word, at]) => `'${word}':${at.join(',')}`).join(' '),
  }
}

/**
 * Queries for the vectors: for all of the words, and for any of them, by which what matches is weighed (how near to
 * each other they stand would take the square of their number); and each phrase as it stands in what is folded. No
 * word has a character that means something in either.
 */
export function searchExpression(terms: readonly SearchTerm[]): {
  all: string
  any: string
  phrases: string[]
} {
  const folded = terms.map(({ words, beginning }) => ({ words: words.map(fold), beginning }))
  const lexemes = folded.flatMap(({ words, beginning }) =>
    words.map((word, index) => `'${word}'${beginning && index === words.length - 1 ? ':*' : ''}`),
  )
  return {
    all: lexemes.join(' & '),
    any: lexemes.join(' | '),
    phrases: folded
      .filter(({ words }) => words.length > 1)
      .map(({ words, beginning }) => ` ${words.join(' ')}${beginning ? '' : ' '}`),
  }
}
