import { cutQuotation, type Joint, type Stretch } from './cut.ts'
import { foldText, gap, type FoldedText } from './fold.ts'
import { nearestPassage } from './nearest-passage.ts'
import { negates } from './negation.ts'
import { endsWord, startsWord } from './word-edges.ts'

/** Whether a source holds a quotation, and where. */
export interface QuotationMatch {
  readonly found: boolean
  /** Of each stretch between ellipses and brackets, in order: offsets into the source's text, end exclusive. */
  readonly segments: readonly Segment[]
  /** When it is not found: the passage of the source most like it, for “did you mean …?”. Never a match. */
  readonly suggestion?: string
}

export interface Segment {
  readonly start: number
  readonly end: number
}

/** What an ellipsis may leave out, in characters of the source. */
const OMISSION_LENGTH = 300
/** The same where a paragraph ends in it: then it joins what the source keeps apart. */
const OMISSION_BETWEEN_PARAGRAPHS = 100
/** What words in brackets may stand for, within one paragraph. */
const INSERTION_LENGTH = 100
/** What all the ellipses and brackets of one quotation may leave out. */
const TOTAL_LENGTH = 600

/**
 * Whether `snapshotText` holds `quotation`: its stretches between ellipses and `[insertions]` stand
 * in the text word for word, in order and near each other. Only typography may differ: quotation
 * marks, dashes, white space, hyphens at line ends, ligatures and widths (NFKC), the case of a
 * stretch's first letter. A changed, added, dropped or swapped word or digit is never found.
 */
export function matchQuotation(snapshotText: string, quotation: string): QuotationMatch {
  return quotationMatcher(snapshotText)(quotation)
}

/** As `matchQuotation`, for several quotations of one text: the text is prepared once. */
export function quotationMatcher(snapshotText: string): (quotation: string) => QuotationMatch {
  const source = foldText(snapshotText)
  return (quotation) => {
    const { stretches, turnsWord, head, tail } = cutQuotation(quotation)
    const places = stretches.length === 0 || turnsWord ? null : findStretches(source, stretches, head, tail)
    if (places !== null) return { found: true, segments: places.map((place) => segmentOf(source, place)) }
    const suggestion = nearestPassage(source, quotation)
    return suggestion === null ? { found: false, segments: [] } : { found: false, segments: [], suggestion }
  }
}

/** A stretch's place among the units of the source, end exclusive. */
interface Span {
  readonly from: number
  readonly to: number
}

/** A place of a stretch that can be reached from a place of each stretch before it. */
interface Reached extends Span {
  readonly previous: Reached | null
  /** Characters left out so far. */
  readonly skipped: number
}

function findStretches(
  source: FoldedText,
  stretches: readonly Stretch[],
  head: string,
  tail: string,
): Span[] | null {
  // One stretch that is nowhere settles it, before the many places of the others are gone through.
  if (stretches.some((stretch) => !source.key.includes(foldText(stretch.text).key.slice(2)))) return null
  let reached: Reached[] = []
  for (const [index, stretch] of stretches.entries()) {
    const spans = occurrences(source, stretch)
    const next: Reached[] = []
    let before = -1
    for (const span of spans) {
      if (index === 0) {
        if (stands(wordBefore(source, span), head)) next.push({ ...span, previous: null, skipped: 0 })
        continue
      }
      while (before + 1 < reached.length && (reached[before + 1]?.to ?? Infinity) <= span.from) before++
      const previous = reached[before]
      if (previous === undefined || stretch.joint === null) continue
      const skipped = joinable(source, previous, span, stretch.joint)
      if (skipped === null || previous.skipped + skipped > TOTAL_LENGTH) continue
      next.push({ ...span, previous, skipped: previous.skipped + skipped })
    }
    if (next.length === 0) return null
    reached = next
  }
  const last = reached.find((each) => stands(wordAfter(source, each), tail))
  const chain: Span[] = []
  for (let at: Reached | null = last ?? null; at !== null; at = at.previous) chain.unshift(at)
  return chain.length === 0 ? null : chain
}

/** Whether words in brackets may stand at an edge for `theirs`, the source's word there. */
function stands(theirs: string, words: string): boolean {
  return words === '' || (negates(theirs) === negates(words) && !changesFigure(theirs, words))
}

/** The word of the source for which brackets at the start of a quotation stand. */
function wordBefore(source: FoldedText, span: Span): string {
  const start = source.starts[span.from] ?? 0
  return /\S*\s*$/u.exec(source.text.slice(Math.max(0, start - 40), start))?.[0] ?? ''
}

/** The word of the source for which brackets at the end of a quotation stand. */
function wordAfter(source: FoldedText, span: Span): string {
  const end = source.ends[span.to - 1] ?? 0
  return /^\s*\S*/u.exec(source.text.slice(end, end + 40))?.[0] ?? ''
}

/** The characters that `joint` leaves out between two places, or null where it may not stand for them. */
function joinable(source: FoldedText, before: Span, after: Span, joint: Joint): number | null {
  const from = source.ends[before.to - 1] ?? 0
  const to = source.starts[after.from] ?? 0
  const length = to - from
  if (length > (joint.kind === 'omission' ? OMISSION_LENGTH : INSERTION_LENGTH)) return null
  const omitted = source.text.slice(from, to)
  switch (joint.kind) {
    case 'letter':
      return after.from === before.to ? length : null
    case 'insertion':
      // Words in brackets may explain; they may neither bring a “not” in nor take one out.
      if (negates(omitted) !== negates(joint.words) || changesFigure(omitted, joint.words)) return null
      return paragraphsIn(source, before, after) > 0 ? null : length
    case 'omission':
      if (negates(joint.words) && !negates(omitted)) return null
      switch (paragraphsIn(source, before, after)) {
        case 0:
          return length
        case 1:
          return length > OMISSION_BETWEEN_PARAGRAPHS ? null : length
        default:
          return null
      }
  }
}

const NUMBERS =
  /\p{Nd}+|(?<!\p{L})(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|hundred|thousand|million|billion|half|dozen|once|twice)s?(?!\p{L})/gu

/** “found [99] cracks” or “[nine] cracks” where the source has 14. */
function changesFigure(omitted: string, words: string): boolean {
  const [theirs, ours] = [omitted, words].map((text) =>
    text.normalize('NFKC').toLowerCase().match(NUMBERS)?.join(' '),
  )
  return theirs !== undefined && ours !== undefined && theirs !== ours
}

function paragraphsIn(source: FoldedText, before: Span, after: Span): number {
  let count = 0
  for (let at = before.to; at <= after.from; at++) if (source.gaps[at] === gap.paragraph) count++
  return count
}

/** Every place where the source holds the stretch word for word, from its start. */
function occurrences(source: FoldedText, stretch: Stretch): Span[] {
  const wanted = foldText(stretch.text)
  const length = wanted.key.length
  const spans: Span[] = []
  for (const key of firstLetterCases(wanted.key)) {
    for (let at = source.key.indexOf(key); at !== -1; at = source.key.indexOf(key, at + 1)) {
      const span = { from: at, to: at + length }
      if (sameGaps(source, at, wanted) && isWhole(source, span, stretch, wanted)) spans.push(span)
    }
  }
  return spans.sort((a, b) => a.from - b.from)
}

function firstLetterCases(key: string): Set<string> {
  const first = String.fromCodePoint(key.codePointAt(0) ?? 0)
  const rest = key.slice(first.length)
  return new Set(
    [first, first.toLowerCase(), first.toUpperCase()]
      .filter((letter) => letter.length === first.length)
      .map((letter) => letter + rest),
  )
}

/** Whether what stands between the units differs in typography alone. */
function sameGaps(source: FoldedText, at: number, wanted: FoldedText): boolean {
  if (wanted.gaps[0] === gap.dash && source.gaps[at] !== gap.dash) return false
  for (let index = 1; index < wanted.key.length; index++) {
    const ours = wanted.gaps[index] ?? gap.none
    const theirs = source.gaps[at + index] ?? gap.none
    if (ours === theirs) continue
    if (ours === gap.soft && (theirs === gap.none || theirs === gap.dash)) continue
    if (theirs === gap.soft && (ours === gap.none || ours === gap.dash)) continue
    if (ours > gap.paragraph || theirs > gap.paragraph) return false
    if (ours !== gap.none && theirs !== gap.none) continue
    if (!spaceIsTypography(wanted.key, index)) return false
  }
  return true
}

/** French sets a space within its quotation marks and before ; : ! ? %; other languages do not. */
function spaceIsTypography(key: string, index: number): boolean {
  const before = key.charAt(index - 1)
  const after = key.charAt(index)
  return '"\'('.includes(before) || '"\';:!?%)'.includes(after)
}

/** Whether a span begins and ends with a whole character and a whole word of the source. */
function isWhole(source: FoldedText, span: Span, stretch: Stretch, wanted: FoldedText): boolean {
  const { starts, ends, text } = source
  const last = span.to - 1
  if (span.from > 0 && starts[span.from] === starts[span.from - 1]) return false
  if (span.to < starts.length && starts[last] === starts[span.to]) return false
  const start = starts[span.from] ?? 0
  const end = ends[last] ?? 0
  const leadingDash = wanted.gaps[0] === gap.dash
  if (!leadingDash && !startsWord(text, start, stretch.looseStart)) return false
  if (!endsWord(text, end, stretch.looseEnd)) return false
  // “He will resign.” is not what “He will resign?” says.
  return !(stretch.closed && /^["'“”’»\s]*[?？؟]/u.test(text.slice(end, end + 4)))
}

function segmentOf(source: FoldedText, span: Span): Segment {
  return { start: source.starts[span.from] ?? 0, end: source.ends[span.to - 1] ?? 0 }
}
