import type { Nodes } from 'mdast'
import type { Citation } from '../brief/tree.ts'
import type { Place } from '../core/finding.ts'
import { flatText } from './flat-text.ts'
import { sentenceStretches } from './sentence-ends.ts'

/** One sentence of a brief and what it rests on. */
export interface Sentence {
  /** As a reader sees it, without citations. */
  readonly text: string
  /** From its first word to its end, its citations included. */
  readonly place: Place
  /** The citations that stand in it, or after its full stop and before the next sentence. */
  readonly own: readonly Citation[]
  /** `own`, and those of the paragraph that say `{scope=para}`. In the order of the text. */
  readonly citations: readonly Citation[]
  /** The place of the words from `from` to `to` (exclusive) of `text`. */
  placeOf(from: number, to: number): Place
}

/**
 * The sentences of a block that holds words: a paragraph, a heading, a table cell, an event.
 * `nameOf` gives the words of a narrative citation, `@id`: the publisher's name.
 */
export function sentencesOf(
  file: string,
  block: Nodes,
  nameOf: (id: string) => string = (id) => id,
): Sentence[] {
  const flat = flatText(block, nameOf)
  const stretches = sentenceStretches(flat.text, new Set(flat.citations.map((each) => each.at)))
  const ofParagraph = flat.citations.filter(({ citation }) => citation.scope === 'para')
  return stretches.map((stretch, index) => {
    const next = stretches[index + 1]?.start ?? Number.POSITIVE_INFINITY
    const own = flat.citations.filter(({ at, citation }) => {
      // What stands between two sentences closes the first; a narrative citation opens the second.
      const last = index === 0 ? Number.NEGATIVE_INFINITY : stretch.start
      const from = citation.narrative || index === 0 ? at >= last : at > last
      return from && (citation.narrative ? at < next : at <= stretch.end || at < next)
    })
    const inScope = flat.citations.filter((each) => own.includes(each) || ofParagraph.includes(each))
    return {
      text: flat.text.slice(stretch.start, stretch.end).replace(/\s+/gu, ' '),
      place: placeOfSentence(file, flat.pointAt(stretch.start), [
        flat.pointAfter(stretch.end - 1),
        ...own.map(({ citation }) => citation.position?.end ?? null),
      ]),
      own: own.map(({ citation }) => citation),
      citations: inScope.map(({ citation }) => citation),
      placeOf: (from, to) => {
        const raw = offsetsOf(flat.text.slice(stretch.start, stretch.end), [from, Math.max(from, to - 1)])
        const [first = 0, last = 0] = raw.map((offset) => offset + stretch.start)
        return placeOfSentence(file, flat.pointAt(first), [flat.pointAfter(last)])
      },
    }
  })
}

/** Where characters of the text with its white space folded stand in the text as written. */
function offsetsOf(written: string, folded: readonly number[]): number[] {
  return folded.map((wanted) => {
    let at = 0
    for (let count = 0; at < written.length && count < wanted; count++) {
      at++
      if (/\s/u.test(written.charAt(at - 1))) while (/\s/u.test(written.charAt(at))) at++
    }
    return at
  })
}

interface LineColumn {
  readonly line: number
  readonly column: number
}

function placeOfSentence(
  file: string,
  start: LineColumn | null,
  ends: readonly (LineColumn | null)[],
): Place {
  const first = start ?? { line: 1, column: 1 }
  const last = ends.reduce<LineColumn>((latest, each) => {
    if (each === null) return latest
    return each.line > latest.line || (each.line === latest.line && each.column > latest.column)
      ? each
      : latest
  }, first)
  return { file, line: first.line, column: first.column, endLine: last.line, endColumn: last.column }
}
