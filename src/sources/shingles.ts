/** Hashes of a text's runs of eight words, distinct and ascending; see `shinglesOf`. */
export type Shingles = Uint32Array

const RUN = 8
/** 20,000 words: a long report; what stands after them is not compared. */
const MOST_WORDS = 20_000
const BASE = 0x01000193

/** A word, as shingles count them. A letter of a script without spaces is a word of its own. */
export const shingleWord =
  /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}]|[[\p{L}\p{M}\p{N}]--[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}]]+/gv

/**
 * The shingles of `text` (Broder 1997): every run of eight words, without case and punctuation, as a
 * 32-bit hash. A page of 1,500 words takes under 1 ms: whoever compares often keeps them with the text.
 */
export function shinglesOf(text: string): Shingles {
  const hashes = runHashes(text)
  hashes.sort()
  return hashes.subarray(0, distinct(hashes))
}

/** The hash of each run of eight words of a text, in order: the first is that of its first eight words. */
export function runHashes(text: string): Uint32Array {
  const words = wordHashes(text)
  const hashes = new Uint32Array(Math.max(0, words.length - RUN + 1))
  let leading = 1
  for (let step = 1; step < RUN; step++) leading = Math.imul(leading, BASE)
  let hash = 0
  for (const [index, word] of words.entries()) {
    if (index >= RUN) hash = (hash - Math.imul(words[index - RUN] ?? 0, leading)) | 0
    hash = (Math.imul(hash, BASE) + word) | 0
    if (index >= RUN - 1) hashes[index - RUN + 1] = hash
  }
  return hashes
}

/**
 * Of the shorter text's shingles, the share that the other has as well: 0 to 1. A reprint with a few
 * paragraphs more still holds the whole of the original.
 */
export function overlap(a: Shingles, b: Shingles): number {
  const smaller = Math.min(a.length, b.length)
  if (smaller === 0) return 0
  let shared = 0
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const left = a[i] ?? 0
    const right = b[j] ?? 0
    if (left === right) shared++
    if (left <= right) i++
    if (right <= left) j++
  }
  return shared / smaller
}

/** FNV-1a of each word. */
function wordHashes(text: string): number[] {
  const hashes: number[] = []
  for (const [word] of text.normalize('NFKC').toLowerCase().matchAll(shingleWord)) {
    let hash = 0x811c9dc5
    for (let at = 0; at < word.length; at++) hash = Math.imul(hash ^ word.charCodeAt(at), 0x01000193)
    hashes.push(hash)
    if (hashes.length === MOST_WORDS) break
  }
  return hashes
}

/** Moves the distinct values of a sorted array to its front; how many there are. */
function distinct(sorted: Uint32Array): number {
  let count = 0
  for (const [index, value] of sorted.entries()) {
    if (index === 0 || value !== sorted[count - 1]) sorted[count++] = value
  }
  return count
}
