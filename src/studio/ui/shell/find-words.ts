/** A stretch of a text, by offsets. */
export interface Stretch {
  readonly from: number
  readonly to: number
}

/** So many words of a sentence are looked for; more do not tell it from others any better. */
const MOST_WORDS = 60

/**
 * Where a sentence that a reader sees stands in the Markdown it was made from: the first stretch of `text` between the
 * offsets that has its words in their order, whatever citations, marks and line ends stand between them. When only its
 * beginning is there, that; null where not even three words of it are, or all of a shorter one.
 */
export function findWords(text: string, within: Stretch, sentence: string): Stretch | null {
  const wanted = wordsOf(sentence, { from: 0, to: sentence.length }).slice(0, MOST_WORDS)
  const there = wordsOf(text, within)
  const needed = Math.min(3, wanted.length)
  let best: Stretch | null = null
  let most = 0
  for (let at = 0; at < there.length; at++) {
    let same = 0
    while (same < wanted.length && there[at + same]?.word === wanted[same]?.word) same++
    const first = there[at]
    const last = there[at + same - 1]
    if (same <= most || same < needed || first === undefined || last === undefined) continue
    most = same
    best = { from: first.from, to: ended(text, last.to, within.to) }
  }
  return best
}

interface Word extends Stretch {
  readonly word: string
}

/** Citations, attributes and addresses of links are no words; a word may hold an apostrophe or a hyphen. */
const marksOrWord = /\[@[^\]]*\]|\{[^}\n]*\}|\]\([^)\n]*\)|\[\d+\]|[\p{L}\p{M}\p{N}]+/gu

function wordsOf(text: string, { from, to }: Stretch): readonly Word[] {
  return [...text.slice(from, to).matchAll(marksOrWord)].flatMap(({ 0: found, index }) =>
    /^[[\]{]/.test(found)
      ? []
      : { word: found.toLowerCase(), from: from + index, to: from + index + found.length },
  )
}

/** With the full stop, and the closing quotation mark, that end it. */
function ended(text: string, at: number, most: number): number {
  const end = /^[.!?…:;,)”’"'»]*/u.exec(text.slice(at, most))?.[0] ?? ''
  return at + end.length
}
