/** Words of a text in quotation marks; offsets of the words, the marks not counted, end exclusive. */
export interface Quoted {
  readonly start: number
  readonly end: number
  /** The words as written, ellipses and `[insertions]` included. */
  readonly text: string
}

/** What closes each mark that opens. A straight mark closes itself. */
const PAIRS: Readonly<Record<string, string>> = {
  '“': '”',
  '„': '“”',
  '«': '»',
  '»': '«',
  '"': '"',
  '「': '」',
  '『': '』',
  '‘': '’',
}

/** The quotations of a text, outermost ones, in order. Single marks quote only where no letter comes before. */
export function quotationsIn(text: string): Quoted[] {
  const found: Quoted[] = []
  for (let at = 0; at < text.length; at++) {
    const sign = text.charAt(at)
    const closing = PAIRS[sign]
    if (closing === undefined || (sign === '‘' && /\p{L}/u.test(text.charAt(at - 1)))) continue
    // 5" and 12″ are inches; a straight mark opens after a space, a dash or a bracket alone.
    if (sign === '"' && at > 0 && !/[\s([—–-]/u.test(text.charAt(at - 1))) continue
    const end = closingOf(text, at, sign, closing)
    if (end === -1) continue
    if (end > at + 1) found.push({ start: at + 1, end, text: text.slice(at + 1, end) })
    at = end
  }
  return found
}

function closingOf(text: string, from: number, opening: string, closing: string): number {
  let depth = 0
  for (let at = from + 1; at < text.length; at++) {
    const sign = text.charAt(at)
    if (closing.includes(sign)) {
      // The apostrophe of “don’t” closes nothing.
      if (sign === '’' && opening === '‘' && /\p{L}/u.test(text.charAt(at + 1))) continue
      if (depth === 0) return at
      depth--
    } else if (sign === opening) depth++
  }
  return -1
}

/** How many words a text has; in scripts without spaces, two signs count as one. */
export function countWords(text: string): number {
  const spaced = text.match(/[\p{L}\p{N}][\p{L}\p{M}\p{N}’'.,-]*/gu) ?? []
  return spaced.reduce((sum, word) => {
    const dense = word.match(/[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}]/gu)?.length ?? 0
    return sum + (dense > 0 ? Math.ceil(dense / 2) : 1)
  }, 0)
}

/** A text with its quotations blanked out, offsets kept: what the writer says in their own words. */
export function ownWords(text: string): string {
  let own = text
  for (const { start, end } of quotationsIn(text)) {
    own = own.slice(0, start) + ' '.repeat(end - start) + own.slice(end)
  }
  return own
}
