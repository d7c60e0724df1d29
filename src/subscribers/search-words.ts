import { withoutAccents } from '../core/accents.ts'

/** So many words of a search count, of so many characters each: what is longer finds nobody sooner. */
const MOST_WORDS = 6
const LONGEST_WORD = 100

/** One word of a search: as addresses have it, and without its accents. */
export interface SearchWord {
  readonly lower: string
  readonly plain: string
}

/** The words of what somebody typed to find people; none for a text of spaces. */
export function searchWords(text: string): readonly SearchWord[] {
  return text
    .slice(0, 1_000)
    .normalize('NFC')
    .split(/\s+/u)
    .filter((word) => word !== '')
    .slice(0, MOST_WORDS)
    .map((word) => {
      const lower = word.slice(0, LONGEST_WORD).toLowerCase()
      return { lower, plain: withoutAccents(lower) }
    })
}

/** How well somebody matches: a word stands there whole, begins one that does, or is somewhere in it. */
export const ranks = ['whole', 'begins', 'within'] as const

/**
 * The place in `ranks` of the word that matches worst, where every word stands in the address or in the name; else
 * null. Case does not matter; in a name accents do not either, and an address is found by a word with accents that
 * it has without them.
 */
export function rankOf(
  { addressKey, name }: { readonly addressKey: string; readonly name: string | null },
  words: readonly SearchWord[],
): number | null {
  const plainName = name === null ? '' : withoutAccents(name.toLowerCase())
  let worst = 0
  for (const { lower, plain } of words) {
    const rank = Math.min(
      rankIn(addressKey, lower),
      lower === plain ? Infinity : rankIn(addressKey, plain),
      rankIn(plainName, plain),
    )
    if (rank === Infinity) return null
    worst = Math.max(worst, rank)
  }
  return worst
}

/** Infinity: it is not there. A word of accents alone is in every text. */
function rankIn(text: string, word: string): number {
  if (word === '') return 2
  let best = Infinity
  for (let at = text.indexOf(word); at !== -1 && best > 0; at = text.indexOf(word, at + 1)) {
    const begins = !isLetter(text.charAt(at - 1))
    best = Math.min(best, !begins ? 2 : isLetter(text.charAt(at + word.length)) ? 1 : 0)
  }
  return best
}

function isLetter(character: string): boolean {
  return /[\p{L}\p{N}\p{M}]/u.test(character)
}
