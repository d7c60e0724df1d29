/** What a text directive names (WICG Scroll to Text Fragment §3.3): words, within one block each. */
export interface TextDirective {
  readonly prefix?: string
  readonly start: string
  readonly end?: string
  readonly suffix?: string
}

/** `prefix-,start,end,-suffix`, percent-encoded. */
export function formatDirective({ prefix, start, end, suffix }: TextDirective): string {
  const parts = [encoded(start)]
  if (prefix !== undefined) parts.unshift(`${encoded(prefix)}-`)
  if (end !== undefined) parts.push(encoded(end))
  if (suffix !== undefined) parts.push(`-${encoded(suffix)}`)
  return parts.join(',')
}

/** A word and its place in a text, without the punctuation around it. */
export interface Word {
  readonly start: number
  readonly end: number
}

const EDGE = /^[\s\p{P}\p{Cf}]+|[\s\p{P}\p{Cf}]+$/gu
const UNSPACED = /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}\p{scx=Khmr}\p{scx=Laoo}\p{scx=Mymr}]/u

/** The words of `text` between two offsets: what stands between spaces, or what a dictionary finds in a script without them. */
export function wordsBetween(text: string, from = 0, to = text.length): Word[] {
  const words: Word[] = []
  const add = (piece: string, at: number): void => {
    const bare = piece.replace(EDGE, '')
    if (bare === '') return
    const start = at + piece.indexOf(bare)
    words.push({ start, end: start + bare.length })
  }
  for (const { 0: token, index } of text.slice(from, to).matchAll(/\S+/gu)) {
    if (!UNSPACED.test(token)) add(token, from + index)
    else {
      for (const { segment, index: within, isWordLike } of segmenter().segment(token)) {
        if (isWordLike === true) add(segment, from + index + within)
      }
    }
  }
  return words
}

let words: Intl.Segmenter | null = null
function segmenter(): Intl.Segmenter {
  return (words ??= new Intl.Segmenter(undefined, { granularity: 'word' }))
}

/** Percent-encoded; the hyphen too, since `-,` and `,-` mark a prefix and a suffix. */
function encoded(text: string): string {
  return encodeURIComponent(text.replace(/\s+/gu, ' ').trim().toWellFormed()).replace(
    /[-!'()*~]/gu,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
