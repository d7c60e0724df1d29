import { joint, wordsIn, type SearchTerm } from '../search-query.ts'

/*
 * Words are found as SQLite's `unicode61 remove_diacritics 2` finds them, whatever the database's locale: the
 * vectors are made here, not by a parser of PostgreSQL's.
 */

/** Characters of a word that are told apart: a lexeme has at most 2,046 octets. */
const LONGEST = 64

/** Octets of all lexemes of a text: a vector has at most 1 MB. Nobody writes a brief of so many words. */
const ROOM = 500_000

/** Places above it are counted as this one (PostgreSQL, §12.11). */
const LAST_PLACE = 16_383

/** Without case and without the marks on Latin letters. */
function fold(word: string): string {
  if (/^[a-z0-9]{1,64}$/.test(word)) return word
  const lower = word.normalize('NFD').toLowerCase().replaceAll('ς', 'σ')
  return [...lower.replace(/([a-z])\p{M}+/gu, '$1').normalize('NFC')].slice(0, LONGEST).join('')
}

function foldedWords(text: string): string[] {
  return wordsIn(text).map(({ word }) => fold(word))
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

/** Words of a snippet, and how many of them stand before what was found. */
const [SHOWN, BEFORE] = [32, 8]

/** Where most of the terms stand together, in pieces: every second one is what was searched for. */
export function snippetOf(text: string, terms: readonly SearchTerm[]): string[] {
  const words = wordsIn(text)
  const found = findTerms(
    words.map(({ word }) => fold(word)),
    terms,
  )
  const from = bestStart(found)
  const to = Math.min(from + SHOWN, words.length)
  const endOf = (index: number): number => {
    const last = words[index]
    return last === undefined ? text.length : last.at + last.word.length
  }
  const pieces: string[] = []
  let at = from === 0 ? 0 : (words[from]?.at ?? 0)
  for (const { first, last } of found) {
    const begin = words[first]?.at ?? text.length
    if (first < from || last >= to || begin < at) continue
    pieces.push(text.slice(at, begin), text.slice(begin, endOf(last)))
    at = endOf(last)
  }
  pieces.push(text.slice(at, to === words.length ? text.length : endOf(to - 1)))
  const end = pieces.length - 1
  return pieces.map((piece, index) =>
    [
      index === 0 && from > 0 ? '…' : '',
      piece.replaceAll(joint, ''),
      index === end && to < words.length ? '…' : '',
    ].join(''),
  )
}

interface Found {
  readonly term: number
  readonly first: number
  readonly last: number
}

/** In the order of the text. */
function findTerms(words: readonly string[], terms: readonly SearchTerm[]): readonly Found[] {
  const wanted = terms.map(({ words: each, beginning }) => ({ words: each.map(fold), beginning }))
  return words.flatMap((_, first) =>
    wanted.flatMap((term, index) => {
      const last = first + term.words.length - 1
      const stands = term.words.every((word, offset) => {
        const here = words[first + offset]
        return here === word || (term.beginning && first + offset === last && here?.startsWith(word) === true)
      })
      return stands ? [{ term: index, first, last }] : []
    }),
  )
}

/** The first word of the piece that shows most of the terms. */
function bestStart(found: readonly Found[]): number {
  let best = { start: 0, terms: 0 }
  for (const { first } of found) {
    const start = Math.max(0, first - BEFORE)
    const shown = found.filter((each) => each.first >= start && each.last < start + SHOWN)
    const terms = new Set(shown.map(({ term }) => term)).size
    if (terms > best.terms) best = { start, terms }
  }
  return best.start
}
