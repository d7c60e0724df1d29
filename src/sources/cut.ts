/** What a quotation asks of its source. */
export interface CutQuotation {
  readonly stretches: readonly Stretch[]
  /** A bracket turns a word round: `[un]likely`, `care[less]`, `do[n’t]`. No source says that. */
  readonly turnsWord: boolean
  /** The words of brackets before the first stretch; empty where there are none. */
  readonly head: string
  /** The words of brackets after the last stretch; empty where there are none. */
  readonly tail: string
}

/** A stretch of a quotation that must stand in the source word for word. */
export interface Stretch {
  readonly text: string
  /** Ends with a full stop, which the source may not have as a question mark. */
  readonly closed: boolean
  /** What the editor wrote between the stretch before and this one; null for the first. */
  readonly joint: Joint | null
  /** A bracket is glued to its start (`[un]likely`) or end (`walk[ed]`): the word may go on in the source. */
  readonly looseStart: boolean
  readonly looseEnd: boolean
}

/** `omission`: an ellipsis. `insertion`: a bracket in the editor's words. `letter`: `[T]he`, nothing left out. */
export interface Joint {
  readonly kind: 'omission' | 'insertion' | 'letter'
  /** The words in the brackets; empty for an omission. */
  readonly words: string
}

const ELLIPSIS = String.raw`\[\s*(?:…|\.{3,}|\.(?:\s\.){2,})\s*\]|\(\s*(?:…|\.{3,})\s*\)|…|\.{3,}|\.(?:\s\.){2,}`
const BRACKET = String.raw`[[［][^\]］]*[\]］]`
const CUTS = new RegExp(`(${ELLIPSIS})|(${BRACKET})`, 'gu')

/** A bracket of one letter before the rest of its word: the case of a first letter was changed. */
const CHANGED_CASE = /^\p{L}$/u

const TURNING = /^(?:un|in|im|ir|il|non|dis|mis|anti|a|n['’]t|less)-?$/iu

/**
 * Cuts a quotation at its ellipses and at its `[bracketed]` insertions. Marks that belong to the
 * sentence around it (a closing comma or full stop, quotation marks) are no part of a stretch.
 */
export function cutQuotation(quotation: string): CutQuotation {
  const stretches: Stretch[] = []
  let turnsWord = false
  let head = ''
  let joint: Joint | null = null
  let looseStart = false
  let lead = ''
  let from = 0

  const take = (to: number, looseEnd: boolean): void => {
    const written = lead + quotation.slice(from, to)
    const text = trimStretch(written)
    if (!/[\p{L}\p{N}]/u.test(text)) return
    const closed = /[.。][\s\p{Cf}"'“”’»)]*$/u.test(written)
    if (stretches.length === 0 && joint?.kind === 'insertion') head = joint.words
    stretches.push({ text, closed, joint: stretches.length === 0 ? null : joint, looseStart, looseEnd })
    joint = null
  }

  for (const match of quotation.matchAll(CUTS)) {
    const after = match.index + match[0].length
    const isBracket = match[1] === undefined
    const words = isBracket ? match[0].slice(1, -1).trim() : ''
    const letterBefore = /\p{L}$/u.test(quotation.slice(Math.max(0, match.index - 2), match.index))
    const letterAfter = /^\p{L}/u.test(quotation.slice(after, after + 2))
    const isLetter = isBracket && CHANGED_CASE.test(words) && letterAfter && !letterBefore
    take(match.index, isBracket && letterBefore)
    if (isBracket && (letterBefore || letterAfter) && !isLetter && TURNING.test(words)) turnsWord = true
    const kind: Joint['kind'] = isLetter ? 'letter' : isBracket ? 'insertion' : 'omission'
    joint = wider(joint, { kind, words })
    looseStart = isBracket && letterAfter && !isLetter
    lead = isLetter ? words : ''
    from = after
  }
  take(quotation.length, false)
  return { stretches, turnsWord, head, tail: joint?.words ?? '' }
}

/** Of two marks with nothing between them (“[…] [the talks]”), the one that lets more out. */
function wider(a: Joint | null, b: Joint): Joint {
  if (a === null || a.kind === 'letter') return b
  const words = `${a.words} ${b.words}`.trim()
  return { kind: a.kind === 'omission' || b.kind === 'omission' ? 'omission' : 'insertion', words }
}

function trimStretch(text: string): string {
  return text
    .replace(/^(?:[\s\p{Cf}"'“”„‟«»‘’‚‛‹›`)\]]|[,.;:](?!\d))+/u, '')
    .replace(/[\s\p{Cf}"'“”„‟«»‘’‚‛‹›`,.;:(。，、]+$/u, '')
}
