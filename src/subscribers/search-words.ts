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

/**
 * Whether every word stands in the address or in the name, anywhere in it. Case does not matter; in a name accents
 * do not either, and an address is found by a word with accents that it has without them.
 */
export function matchesWords(
  { addressKey, name }: { readonly addressKey: string; readonly name: string | null },
  words: readonly SearchWord[],
): boolean {
  const plainName = name === null ? '' : withoutAccents(name.toLowerCase())
  return words.every(
    ({ lower, plain }) =>
      addressKey.includes(lower) || addressKey.includes(plain) || plainName.includes(plain),
  )
}

/** Letters that are written with a stroke or joined have no accent that could be taken off (Unicode, NFD). */
const joined: ReadonlyMap<string, string> = new Map([
  ['ß', 'ss'],
  ['ø', 'o'],
  ['ł', 'l'],
  ['đ', 'd'],
  ['æ', 'ae'],
  ['œ', 'oe'],
  ['ı', 'i'],
])

function withoutAccents(lower: string): string {
  // Most are ASCII, and stay.
  if (/^[ -~]*$/.test(lower)) return lower
  return lower
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[ßøłđæœı]/g, (letter) => joined.get(letter) ?? letter)
}
