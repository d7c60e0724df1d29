import {
  afterHour,
  beforeFigure,
  germanMonths,
  leading,
  openers,
  saying,
  timeWords,
  trailing,
} from './abbreviations.ts'

/** A sentence's stretch of the text, without the white space around it; the end is exclusive. */
export interface Stretch {
  readonly start: number
  readonly end: number
}

const CLOSERS = /["'”’“»›)\]}」』]/u
const OPENERS = /["'“‘„«‹([¿¡「『]/u
const WIDE_STOP = /[。！？]/u

/**
 * The sentences of one paragraph's text. A quotation of several sentences, and what stands in
 * parentheses, stays in one piece with the sentence that brings it. `joints` are offsets where
 * something without words stands (a citation), which parts sentences as a space does.
 */
export function sentenceStretches(text: string, joints: ReadonlySet<number> = new Set()): Stretch[] {
  const enclosed = enclosures(text)
  const stretches: Stretch[] = []
  let start = skipSpace(text, 0)
  for (const match of text.matchAll(/[.!?…。！？؟۔।]+/gu)) {
    if (match.index < start) continue
    let end = match.index + match[0].length
    while (end < text.length && CLOSERS.test(text.charAt(end)) && !opensHere(text, end)) end++
    if (end < text.length && !/\s/u.test(text.charAt(end)) && !joints.has(end) && !WIDE_STOP.test(match[0]))
      continue
    if (isEnclosed(enclosed, match.index, end)) continue
    const next = skipSpace(text, end)
    if (next < text.length && !ends(text, match.index, match[0], end, next)) continue
    stretches.push({ start, end })
    start = next
  }
  const end = text.trimEnd().length
  if (start < end) stretches.push({ start, end })
  return stretches
}

/** Whether the marks at `at` end a sentence when `next` is where the text goes on. */
function ends(text: string, at: number, marks: string, after: number, next: number): boolean {
  // 「…。」と言った: the quotation goes on with its speaker.
  if (WIDE_STOP.test(marks))
    return !(after > at + marks.length && /^(?:[と、，]|って)/u.test(text.slice(after)))
  if (/[؟۔।]/u.test(marks)) return true
  // “[…]” and “(!)” are remarks within a sentence.
  if (/[[(]/u.test(text.charAt(at - 1))) return false
  let word = next
  while (word < text.length && OPENERS.test(text.charAt(word))) word++
  const rest = text.slice(word, word + 120)
  if (/^\p{Ll}/u.test(rest) || !/^[\p{L}\p{N}@#$€£]/u.test(rest)) return false
  const follower = /^[\p{L}\p{M}’'-]*/u.exec(rest)?.[0] ?? ''
  const quoted = /["”’»]/u.test(text.slice(at + marks.length, after))
  if (/[!?]/u.test(marks)) return !(quoted && saying.test(rest))
  if (marks.length > 1 || marks === '…') return openers.has(follower) && follower !== 'I'
  if (/\s\.$/u.test(text.slice(Math.max(0, at - 1), at + 1))) return false
  return stopEnds(text.slice(Math.max(0, at - 40), at), at, rest, follower, quoted)
}

/** Whether one full stop ends a sentence. `before` is what stands before it, up to 40 characters. */
function stopEnds(before: string, at: number, rest: string, follower: string, quoted: boolean): boolean {
  const word = /[\p{L}\p{M}\p{N}§.’'-]*$/u.exec(before)?.[0] ?? ''
  const isFigure = /^\p{N}/u.test(rest)
  const begins = openers.has(follower)
  if (quoted && !afterHour.has(word)) return true
  if (afterHour.has(word)) return /^\p{Lu}/u.test(rest) && !timeWords.has(follower)
  if (leading.has(word)) return false
  if (beforeFigure.has(word) && isFigure) return false
  if (trailing.has(word)) return begins
  // “1. The harbour” numbers a paragraph; “am 7. November” is a date.
  if (/^\d{1,3}$/u.test(word)) return word.length < at && !germanMonths.has(follower)
  if (/^\p{Lu}$/u.test(word)) return initialEnds(before, begins)
  // “U.S.”, “U.N.”, “J.K.”
  if (/^(?:\p{L}\.)+\p{L}$/u.test(word)) return begins
  return true
}

/** After one capital letter: “J. Smith” goes on, “Plan B. The …” and “so did I. The …” do not. */
function initialEnds(before: string, begins: boolean): boolean {
  if (!begins) return /\b(?:and|than|did|do|am|was|as)\s+I$/u.test(before)
  return true
}

interface Enclosure {
  readonly from: number
  readonly to: number
}

const PAIRS: Readonly<Record<string, string>> = {
  '“': '”',
  '„': '“”',
  '«': '»',
  '»': '«',
  '‘': '’',
  '"': '"',
  '(': ')',
  '[': ']',
  '「': '」',
}

/** The quotations and parentheses of a text, outermost ones; one that never closes is none. */
function enclosures(text: string): Enclosure[] {
  const found: Enclosure[] = []
  for (let at = 0; at < text.length; at++) {
    const closing = PAIRS[text.charAt(at)]
    if (closing === undefined) continue
    const to = closingOf(text, at, closing)
    if (to === -1) continue
    found.push({ from: at, to })
    at = to
  }
  return found
}

function closingOf(text: string, from: number, closing: string): number {
  const opening = text.charAt(from)
  let depth = 0
  for (let at = from + 1; at < text.length; at++) {
    const sign = text.charAt(at)
    if (closing.includes(sign)) {
      // The apostrophe of “don’t” closes nothing; nor does an inch mark, 5", before a letter.
      if (sign === '’' && /\p{L}/u.test(text.charAt(at + 1))) continue
      if (depth === 0) return at
      depth--
    } else if (sign === opening) depth++
  }
  return -1
}

/** Whether a mark stands within an enclosure that goes on after the marks and what closes with them. */
function isEnclosed(enclosed: readonly Enclosure[], at: number, end: number): boolean {
  return enclosed.some(({ from, to }) => from < at && to >= end)
}

/** A straight quotation mark after a space opens; `“` after „ closes, else opens. */
function opensHere(text: string, at: number): boolean {
  const sign = text.charAt(at)
  if (sign === '“') return !text.slice(0, at).includes('„')
  return false
}

function skipSpace(text: string, at: number): number {
  let next = at
  while (next < text.length && /\s/u.test(text.charAt(next))) next++
  return next
}
