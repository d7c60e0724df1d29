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
  const closings = new Map<string, ReadonlyMap<number, number>>()
  for (let at = 0; at < text.length; at++) {
    const sign = text.charAt(at)
    const closing = PAIRS[sign]
    if (closing === undefined || (sign === '‘' && /\p{L}/u.test(text.charAt(at - 1)))) continue
    // 5" and 12″ are inches; a straight mark opens after a space, a dash or a bracket alone.
    if (sign === '"' && at > 0 && !/[\s([—–-]/u.test(text.charAt(at - 1))) continue
    const ends = closings.get(sign) ?? closingsOf(text, sign, closing)
    closings.set(sign, ends)
    const end = ends.get(at)
    if (end === undefined) continue
    if (end > at + 1) found.push({ start: at + 1, end, text: text.slice(at + 1, end) })
    at = end
  }
  return found
}

/** For each mark of one kind that opens, where it closes; marks of that kind nest. One walk over the text. */
function closingsOf(text: string, opening: string, closing: string): ReadonlyMap<number, number> {
  const closings = new Map<number, number>()
  const open: number[] = []
  for (let at = 0; at < text.length; at++) {
    const sign = text.charAt(at)
    if (closing.includes(sign)) {
      // The apostrophe of “don’t” closes nothing.
      if (sign === '’' && opening === '‘' && /\p{L}/u.test(text.charAt(at + 1))) continue
      const from = open.pop()
      if (from !== undefined) closings.set(from, at)
      // A straight mark closes what is before it and may open what comes after.
      if (sign !== opening) continue
    }
    if (sign === opening) open.push(at)
  }
  return closings
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
  let own = ''
  let reached = 0
  for (const { start, end } of quotationsIn(text)) {
    own += text.slice(reached, start) + ' '.repeat(end - start)
    reached = end
  }
  return own + text.slice(reached)
}
