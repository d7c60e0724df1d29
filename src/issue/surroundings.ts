import type { QuotationMatch, Segment } from '../sources/quotation.ts'

/** A quotation as its source's stored copy holds it. */
export interface Passage {
  readonly quote: string
  /** The copy's words before and after, as far as one paragraph and a few lines go; empty where they are not to be shown. */
  readonly before: string
  readonly after: string
  /** It stands in the copy, word for word. */
  readonly found: boolean
}

/** Characters of the copy on each side, before they are cut to whole words. */
const REACH = 180

/**
 * Whether `text` holds `quote`, and its words before and after within the paragraph. A passage that the reader's
 * tier may not read ends them; where such a passage cannot be placed, there are none.
 */
export function surroundings(
  text: string,
  match: (quotation: string) => QuotationMatch,
  quote: string,
  withheld: readonly string[],
): Omit<Passage, 'quote'> {
  const { found, segments } = match(quote)
  const start = segments[0]?.start
  const end = segments.at(-1)?.end
  if (!found || start === undefined || end === undefined) return { before: '', after: '', found: false }
  const shut: Segment[] = []
  for (const each of withheld) {
    const place = match(each)
    if (!place.found) return { before: '', after: '', found }
    shut.push(...place.segments)
  }
  const from = Math.max(
    start - REACH,
    ...shut.map((each) => (each.start < start ? Math.min(each.end, start) : 0)),
  )
  const to = Math.min(
    end + REACH,
    ...shut.map((each) => (each.end > end ? Math.max(each.start, end) : Infinity)),
  )
  const before = text.slice(Math.max(0, from), start)
  const after = text.slice(end, to)
  return {
    before: fromWord(before.slice(before.lastIndexOf('\n') + 1), from > 0),
    after: toWord(after.split('\n', 1)[0] ?? '', to < text.length),
    found,
  }
}

/** From a sentence's start, where one is near, else from a whole word with an ellipsis. */
function fromWord(text: string, cut: boolean): string {
  if (!cut || text.length < REACH) return text.trim()
  const sentence = /[.!?]["”’»)]*\s+(?=\p{Lu})/u.exec(text.slice(0, REACH / 2))
  if (sentence !== null) return text.slice(sentence.index + sentence[0].length).trim()
  return `… ${text.replace(/^\S*\s/u, '').trim()}`
}

/** To a sentence's end, where one is near, else to a whole word with an ellipsis. */
function toWord(text: string, cut: boolean): string {
  if (!cut || text.length < REACH) return text.trim()
  const sentence = [...text.matchAll(/[.!?]["”’»)]*(?=\s+\p{Lu})/gu)].at(-1)
  if (sentence !== undefined && sentence.index > REACH / 2)
    return text.slice(0, sentence.index + sentence[0].length).trim()
  return `${text.replace(/\s\S*$/u, '').trim()} …`
}
