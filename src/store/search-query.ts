/** So many characters, terms and words of a query are read; nobody looks for more, and each costs a look into the index. */
const [LONGEST, MOST_TERMS, MOST_WORDS] = [256, 8, 16]

/** From here on the beginning of a word is enough: “strike” also finds “strikes”. */
const PREFIX_FROM = 3

/** Quotation marks as readers type them, and what stands between. */
const piece = /["“”„«»]([^"“”„«»]*)["“”„«»]|([^\s"“”„«»]+)/gu

/** What FTS5's `unicode61` takes for a word. */
const word = /[\p{L}\p{N}\p{M}\p{Co}]+/gu

/** What has to stand together, in this order. */
export interface SearchTerm {
  readonly words: readonly string[]
  /** The last word may go on. */
  readonly beginning: boolean
}

/** The words of a text, as they are written in it. */
export function wordsIn(text: string): readonly string[] {
  return text.match(word) ?? []
}

/**
 * What somebody typed: all of the terms in any order, what stands in quotation marks as a phrase. Only letters,
 * digits and their marks of it are in a term. None: there is nothing to look for.
 */
export function searchTerms(query: string): readonly SearchTerm[] {
  const terms: SearchTerm[] = []
  let count = 0
  for (const [, phrase, plain] of wordsApart(query.slice(0, LONGEST)).matchAll(piece)) {
    const words = wordsIn(phrase ?? plain ?? '').slice(0, MOST_WORDS - count)
    if (words.length === 0) continue
    count += words.length
    const beginning = phrase === undefined && (words.at(-1)?.length ?? 0) >= PREFIX_FROM
    terms.push({ words, beginning })
  }
  return terms.slice(0, MOST_TERMS)
}

/**
 * An FTS5 expression (SQLite FTS5 §3) for what somebody typed: each word in quotation marks, so that no text is an
 * operator, a column's name or an error. Null: there is nothing to look for.
 */
export function matchExpression(query: string): string | null {
  const terms = searchTerms(query)
  if (terms.length === 0) return null
  return terms.map(({ words, beginning }) => `"${words.join(' ')}"${beginning ? '*' : ''}`).join(' AND ')
}

/** Writing that has no spaces between words. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]\p{M}*/gu

/** What stands between two words that no space parts: nothing for the eye. */
export const joint = '\u200b'

/**
 * Text as the tables hold it and as a query is read: where a script has no spaces, each character is a word, so
 * that what is looked for is found in the middle of a sentence too.
 */
export function wordsApart(text: string): string {
  return text.toWellFormed().normalize('NFC').replaceAll(joint, '').replace(unspaced, `${joint}$&${joint}`)
}
