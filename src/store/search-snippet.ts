import { joint, type SearchTerm } from './search-query.ts'
import { fold, openWords, type Words } from './search-words.ts'

/** Words of a snippet, and how many of them stand before what was found. */
const [SHOWN, BEFORE] = [32, 8]

/**
 * Where most of the terms stand together, in pieces: every second one is what was searched for. A text is read no
 * further than to where all of them do.
 */
export function snippetOf(text: string, terms: readonly SearchTerm[]): string[] {
  const wanted = terms.map(({ words, beginning }) => ({ words: words.map(fold), beginning }))
  const words = openWords(
    text,
    wanted.flatMap((term) => term.words),
  )
  const { from, found } = bestPlace(words, wanted)
  const isWhole = words.at(from + SHOWN) === null
  const pieces: string[] = []
  let at = from === 0 ? 0 : words.begin(from)
  for (const { first, last } of found) {
    const begin = words.begin(first)
    if (first < from || last >= from + SHOWN || begin < at) continue
    pieces.push(text.slice(at, begin), text.slice(begin, words.end(last)))
    at = words.end(last)
  }
  pieces.push(text.slice(at, isWhole ? text.length : words.end(from + SHOWN - 1)))
  const end = pieces.length - 1
  return pieces.map((piece, index) =>
    [
      index === 0 && from > 0 ? '…' : '',
      piece.replaceAll(joint, ''),
      index === end && !isWhole ? '…' : '',
    ].join(''),
  )
}

/** A term from one word of the text to another. */
interface Found {
  readonly term: number
  readonly first: number
  readonly last: number
}

/** The first word of the piece that shows most of the terms, and what was found up to its end, in the text's order. */
function bestPlace(
  words: Words,
  wanted: readonly SearchTerm[],
): { readonly from: number; readonly found: readonly Found[] } {
  const found: Found[] = []
  let best = { from: 0, terms: 0 }
  let next = 0
  const weigh = (until: number): void => {
    for (let here = found[next]; here !== undefined; here = found[++next]) {
      const from = Math.max(0, here.first - BEFORE)
      if (from + SHOWN > until) return
      const terms = termsIn(found, next, from)
      if (terms > best.terms) best = { from, terms }
    }
  }
  for (let first = 0; best.terms < wanted.length; first++) {
    const here = words.at(first)
    if (here === null) break
    if (here !== '')
      for (const [term, each] of wanted.entries())
        if (standsAt(words, first, each)) found.push({ term, first, last: first + each.words.length - 1 })
    // What begins in a piece is known once its last word was looked at.
    if (next < found.length) weigh(first + 1)
  }
  if (best.terms < wanted.length) weigh(Infinity)
  return { from: best.from, found }
}

/** How many of the terms the piece from word `from` on shows; `found[near]` is in it. */
function termsIn(found: readonly Found[], near: number, from: number): number {
  let at = near
  while ((found[at - 1]?.first ?? -1) >= from) at--
  const shown = new Set<number>()
  for (let here = found[at]; here !== undefined && here.first < from + SHOWN; here = found[++at])
    if (here.last < from + SHOWN) shown.add(here.term)
  return shown.size
}

function standsAt(words: Words, first: number, { words: wanted, beginning }: SearchTerm): boolean {
  return wanted.every((word, offset) => {
    const here = words.at(first + offset)
    if (here === word) return true
    return beginning && offset === wanted.length - 1 && here !== null && here.startsWith(word)
  })
}
