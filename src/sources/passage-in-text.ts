import { foldText, type FoldedText } from './fold.ts'
import { matchQuotation } from './quotation.ts'
import { formatDirective, wordsBetween, type TextDirective, type Word } from './text-directive.ts'

/** Up to here a passage stands whole in the link, where its bytes allow. */
const WHOLE_WORDS = 8
const WHOLE_BYTES = 90
/** Each end of a longer one: no shorter where bytes allow, since the page has more words than its readable text. */
const FEWEST = 3
const MOST = 6
const SHORT = 120
/** Words of the surroundings, where the passage’s own do not tell it from another. */
const MOST_AROUND = 5
const RAISED = /[⁰¹²³⁴-⁹]/u
/** No directive is longer, in bytes. */
const LONGEST = 400

/**
 * The directive that leads to the passage of `text` that holds `quote`, or null where there is none,
 * or where one cannot be told from another. A browser goes to the first place whose words are those
 * of the directive; here that place is the only one.
 */
export function directiveInText(text: string, quote: string): string | null {
  const { found, segments } = matchQuotation(text, quote)
  const from = segments[0]?.start
  const to = segments.at(-1)?.end
  if (!found || from === undefined || to === undefined) return null
  const words = wordsBetween(text, from, to)
  const folded = foldText(text)
  const page: Page = { text, folded, key: keyOf(folded) }
  for (const candidate of candidates(text, words)) {
    const named = wordsOf(text, candidate)
    // On the page it is a plain digit, set higher; readable text keeps it apart from the figure before it.
    if (Object.values(named).some((part: string) => RAISED.test(part))) continue
    const directive = formatDirective(named)
    if (directive.length <= LONGEST && leadsTo(page, candidate)) return directive
  }
  return null
}

/** Stretches of the text, each within one line of it. */
interface Candidate {
  readonly prefix?: Word
  readonly start: Word
  readonly end?: Word
  readonly suffix?: Word
}

/** From the shortest on: the words of the passage, then more of them, then those around it. */
function* candidates(text: string, words: readonly Word[]): Generator<Candidate> {
  const first = words[0]
  const last = words.at(-1)
  if (first === undefined || last === undefined) return
  const whole = { start: first.start, end: last.end }
  const before = (at: number): Word[] => linesEnd(text, at)
  const after = (at: number): Word[] => linesStart(text, at)

  if (isOneLine(text, whole) && words.length <= WHOLE_WORDS) {
    const { length } = formatDirective(wordsOf(text, { start: whole }))
    if (length <= WHOLE_BYTES || words.length <= 2 * FEWEST - 1) {
      if (words.length >= FEWEST || !text.slice(whole.start, whole.end).includes(' ')) yield { start: whole }
      const start = { start: rawStart(text, whole.start), end: whole.end }
      for (const prefix of before(start.start)) yield { prefix, start }
      const closed = { start: whole.start, end: rawEnd(text, whole.end) }
      for (const suffix of after(closed.end)) yield { start: closed, suffix }
      const both = { start: start.start, end: closed.end }
      const [prefix, suffix] = [before(both.start).at(-1), after(both.end).at(-1)]
      if (prefix !== undefined && suffix !== undefined) yield { prefix, start: both, suffix }
      return
    }
  }
  const headOf = (count: number): Word => ({ start: first.start, end: words[count - 1]?.end ?? first.end })
  const tailOf = (count: number): Word => ({ start: words.at(-count)?.start ?? last.start, end: last.end })
  const usual = wordsOf(text, { start: headOf(FEWEST), end: tailOf(FEWEST) })
  const fewest = formatDirective(usual).length <= SHORT ? FEWEST : FEWEST - 1
  const heads = ends(words, fewest, (count) => within(text, headOf(count)))
  const tails = ends(words, fewest, (count) => within(text, tailOf(count)))
  for (const head of heads) for (const tail of tails) yield { start: head, end: tail }
  const head = heads.at(-1)
  if (head === undefined) return
  const start = { start: rawStart(text, head.start), end: head.end }
  for (const prefix of before(start.start)) {
    for (const tail of tails) yield { prefix, start, end: tail }
    const tail = tails.at(-1)
    if (tail === undefined) return
    const end = { start: tail.start, end: rawEnd(text, tail.end) }
    for (const suffix of after(end.end)) yield { prefix, start, end, suffix }
  }
  const tail = tails.at(-1)
  if (tail === undefined) return
  const end = { start: tail.start, end: rawEnd(text, tail.end) }
  for (const suffix of after(end.end)) yield { start: head, end, suffix }
}

/** The fewest words to six, as far as they stand in one line and leave as many for the other end. */
function ends(words: readonly Word[], fewest: number, of: (count: number) => Word | null): Word[] {
  const most = Math.max(1, Math.min(MOST, Math.floor(words.length / 2)))
  const counts = Array.from({ length: most }, (_, index) => index + 1)
  const found = counts.flatMap((count) => of(count) ?? [])
  return found.length > fewest ? found.slice(fewest - 1) : found.slice(-1)
}

/** The last words before `at` in their line, one to five. */
function linesEnd(text: string, at: number): Word[] {
  const end = text.slice(0, at).trimEnd().length
  const from = Math.max(text.lastIndexOf('\n', end - 1) + 1, end - 300)
  const words = wordsBetween(text, from, end).slice(-MOST_AROUND)
  return words.toReversed().map(({ start }) => ({ start: rawStart(text, start), end }))
}

/** The first words after `at` in their line, one to five. */
function linesStart(text: string, at: number): Word[] {
  const start = at + (/^\s*/u.exec(text.slice(at, at + 100))?.[0].length ?? 0)
  const line = text.indexOf('\n', start)
  const to = Math.min(line === -1 ? text.length : line, start + 300)
  const words = wordsBetween(text, start, to).slice(0, MOST_AROUND)
  return words.map(({ end }) => ({ start, end: rawEnd(text, end) }))
}

interface Page {
  readonly text: string
  readonly folded: FoldedText
  readonly key: string
}

/** Whether a browser that follows the directive comes to its own place, and could come to no other. */
function leadsTo({ text, folded, key }: Page, { prefix, start, end, suffix }: Candidate): boolean {
  const opening = {
    start: (prefix ?? start).start,
    end: end === undefined && suffix ? suffix.end : start.end,
  }
  const wanted = keyOf(foldText(text.slice(opening.start, opening.end)))
  if (wanted === '') return false
  const at = key.indexOf(wanted)
  if (at === -1 || key.includes(wanted, at + 1)) return false
  if (end === undefined) return true
  const closing = keyOf(foldText(text.slice(end.start, (suffix ?? end).end)))
  const found = closing === '' ? -1 : key.indexOf(closing, firstFrom(folded.starts, start.end))
  return found !== -1 && folded.starts[found] === end.start
}

/** The index of the first of ascending `starts` at `place` or after it. */
function firstFrom(starts: Uint32Array, place: number): number {
  let [low, high] = [0, starts.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((starts[middle] ?? 0) < place) low = middle + 1
    else high = middle
  }
  return low
}

/** Browsers compare without case; letters whose small form has another length stay as they are. */
function keyOf({ key }: FoldedText): string {
  const small = key.toLowerCase()
  return small.length === key.length ? small : key
}

function wordsOf(text: string, { prefix, start, end, suffix }: Candidate): TextDirective {
  const of = (word: Word): string => text.slice(word.start, word.end)
  return {
    start: of(start),
    ...(prefix === undefined ? {} : { prefix: of(prefix) }),
    ...(end === undefined ? {} : { end: of(end) }),
    ...(suffix === undefined ? {} : { suffix: of(suffix) }),
  }
}

function within(text: string, word: Word): Word | null {
  return isOneLine(text, word) ? word : null
}

function isOneLine(text: string, { start, end }: Word): boolean {
  return !text.slice(start, end).includes('\n')
}

/** The start of what stands between spaces: what is beside a prefix must leave nothing out. */
function rawStart(text: string, at: number): number {
  return at - (/[\p{P}\p{Cf}]*$/u.exec(text.slice(Math.max(0, at - 20), at))?.[0].length ?? 0)
}

function rawEnd(text: string, at: number): number {
  return at + (/^[\p{P}\p{Cf}]*/u.exec(text.slice(at, at + 20))?.[0].length ?? 0)
}
