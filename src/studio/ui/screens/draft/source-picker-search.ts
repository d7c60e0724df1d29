import type { ShownSource } from '../../../contract/sources.ts'

/**
 * The sources that have every word of `query`, the likeliest first. Without words: those cited, by their numbers,
 * then the others, the newest entry first.
 */
export function rankSources(sources: readonly ShownSource[], query: string): readonly ShownSource[] {
  const words = plain(query)
    .split(/\s+/u)
    .filter((word) => word !== '')
  return sources
    .map((source, index) => ({ source, index, score: scoreOf(source, words) }))
    .filter(({ score }) => score !== null)
    .toSorted(
      (a, b) =>
        (b.score ?? 0) - (a.score ?? 0) ||
        (a.source.number ?? Infinity) - (b.source.number ?? Infinity) ||
        b.index - a.index,
    )
    .map(({ source }) => source)
}

/** Null: a word is nowhere in it. */
function scoreOf(source: ShownSource, words: readonly string[]): number | null {
  const { id, title, publisher, author, url } = source
  const [name, rest] = [plain(id), plain([title, publisher, ...author].join(' '))]
  let score = 0
  for (const word of words) {
    if (name.startsWith(word)) score += 50
    else if (name.includes(word)) score += 30
    else if (rest.startsWith(word) || rest.includes(` ${word}`)) score += 20
    else if (rest.includes(word) || plain(url ?? '').includes(word)) score += 10
    else if (word.length > 1 && isWithin(word, name)) score += 2
    else return null
  }
  return score
}

/** Whether the letters stand in `text` in this order. */
function isWithin(letters: string, text: string): boolean {
  let at = 0
  for (const letter of letters) {
    at = text.indexOf(letter, at) + 1
    if (at === 0) return false
  }
  return true
}

/** Lower case, without accents. */
function plain(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
}
