import { foldText, gap, type FoldedText } from './fold.ts'

/** A passage must share this part of the quotation's words to be offered. */
const ENOUGH = 0.5
const LONGEST = 600

/**
 * The passage of `source` that shares most words with `quotation`, on one line, or null where none
 * shares half of them. One pass over the source, whatever the quotation.
 */
export function nearestPassage(source: FoldedText, quotation: string): string | null {
  const wanted = new Map<number, number>()
  const asked = wordsOf(foldText(quotation), null)
  if (asked.length < 2) return null
  for (const word of asked) wanted.set(word.hash, (wanted.get(word.hash) ?? 0) + 1)
  const hits = wordsOf(source, wanted)
  const best = densest(hits, asked.length, wanted)
  if (best === null) return null
  const { text } = source
  let start = source.starts[best.from] ?? 0
  let end = Math.min(source.ends[best.to - 1] ?? 0, start + LONGEST)
  // Whole words, with the sign of a figure and the mark that closes a sentence.
  for (let more = 0; more < 20 && start > 0 && !isSpace(text, start - 1); more++) start--
  for (let more = 0; more < 20 && end < text.length && !isSpace(text, end); more++) end++
  return text.slice(start, end).replace(/\s+/gu, ' ').trim()
}

function isSpace(text: string, at: number): boolean {
  return /\s/u.test(text.charAt(at))
}

interface Word {
  readonly hash: number
  /** The place among all words of the text. */
  readonly index: number
  /** Its units. */
  readonly from: number
  readonly to: number
}

/** The words of a text, or those of `among` alone. */
function wordsOf(folded: FoldedText, among: ReadonlyMap<number, number> | null): Word[] {
  const { key, gaps } = folded
  const words: Word[] = []
  let hash = 0
  let from = -1
  let index = 0
  const close = (to: number): void => {
    if (from === -1) return
    if (among === null || among.has(hash)) words.push({ hash, index, from, to })
    index++
    from = -1
  }
  for (let at = 0; at < key.length; at++) {
    const code = key.charCodeAt(at)
    if (gaps[at] !== gap.none && gaps[at] !== gap.soft) close(at)
    if (!isWordUnit(code)) {
      close(at)
      continue
    }
    const alone = code >= 0x2e80 && code < 0xac00
    if (alone) close(at)
    if (from === -1) {
      from = at
      hash = 0
    }
    hash = (Math.imul(hash, 31) + lower(code)) | 0
    if (alone) close(at + 1)
  }
  close(key.length)
  return words
}

function isWordUnit(code: number): boolean {
  if (code < 128)
    return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57)
  return code > 0xbf && !(code >= 0x2000 && code < 0x2e80) && !(code >= 0x3000 && code < 0x3040)
}

/** Filled as letters are met. */
const lowered = new Uint16Array(0x10000)

function lower(code: number): number {
  if (code < 128) return code >= 65 && code <= 90 ? code + 32 : code
  const known = lowered[code] ?? 0
  if (known !== 0) return known
  const found = String.fromCharCode(code).toLowerCase().charCodeAt(0)
  lowered[code] = found
  return found
}

/** The stretch of hits, at most a quarter longer than what is asked, that covers most of the words asked. */
function densest(
  hits: readonly Word[],
  asked: number,
  wanted: ReadonlyMap<number, number>,
): { readonly from: number; readonly to: number } | null {
  const width = Math.ceil(asked * 1.25) + 1
  const inside = new Map<number, number>()
  let left = 0
  let score = 0
  let bestScore = 0
  let best: { from: number; to: number } | null = null
  for (const hit of hits) {
    const count = (inside.get(hit.hash) ?? 0) + 1
    inside.set(hit.hash, count)
    if (count <= (wanted.get(hit.hash) ?? 0)) score++
    for (
      let first = hits[left];
      first !== undefined && hit.index - first.index >= width;
      first = hits[++left]
    ) {
      const rest = (inside.get(first.hash) ?? 1) - 1
      inside.set(first.hash, rest)
      if (rest < (wanted.get(first.hash) ?? 0)) score--
    }
    if (score <= bestScore) continue
    bestScore = score
    best = { from: hits[left]?.from ?? hit.from, to: hit.to }
  }
  return bestScore >= asked * ENOUGH ? best : null
}
