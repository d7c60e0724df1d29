import type { Nodes } from 'mdast'
import type { Point } from 'unist'
import { citationsOf } from '../../brief/citations.ts'
import type { Citation } from '../../brief/tree.ts'
import type { Place } from '../../core/finding.ts'
import type { DeskBlock, DeskText } from '../../desk/desk-text.ts'
import type { Sentence } from '../../desk/sentences.ts'
import type { Source } from '../../sources/source.ts'
import type { FixWorld } from './fix.ts'

/** A stretch of a text by its offsets, end exclusive. */
export interface Stretch {
  readonly from: number
  readonly to: number
}

/** The offset of a line and column, both from 1; null outside of the text. */
export function offsetAt(text: string, { line, column }: Point): number | null {
  let start = 0
  for (let at = 1; at < line; at++) {
    const next = text.indexOf('\n', start)
    if (next === -1) return null
    start = next + 1
  }
  const end = text.indexOf('\n', start)
  const offset = start + column - 1
  return offset <= (end === -1 ? text.length : end) ? offset : null
}

/** What a place covers; null where it is none of this text. */
export function stretchAt(text: string, place: Omit<Place, 'file'>): Stretch | null {
  const from = offsetAt(text, place)
  const to = offsetAt(text, { line: place.endLine, column: place.endColumn })
  return from === null || to === null || to < from ? null : { from, to }
}

/** The citation that stands exactly at a place. */
export function citationAt(root: Nodes, place: Omit<Place, 'file'>): Citation | null {
  const found = citationsOf(root).find(({ position }) => {
    if (position === undefined) return false
    const { start, end } = position
    return (
      start.line === place.line &&
      start.column === place.column &&
      end.line === place.endLine &&
      end.column === place.endColumn
    )
  })
  return found ?? null
}

/** The stretch of a node in its file. */
export function stretchOf({ position }: Pick<Nodes, 'position'>): Stretch | null {
  const [from, to] = [position?.start.offset, position?.end.offset]
  return from === undefined || to === undefined ? null : { from, to }
}

/** The sentence that a finding is about, and the block it stands in. */
export function sentenceAt(
  text: DeskText,
  place: Omit<Place, 'file'>,
): { readonly block: DeskBlock; readonly sentence: Sentence } | null {
  for (const block of text.blocks) {
    const sentence = block.sentences.find((each) => isWithin(place, each.place))
    if (sentence !== undefined) return { block, sentence }
  }
  return null
}

/** Where the words of a sentence end in its file, its citations not counted; null where that is not certain. */
export function endOfWords(text: string, { text: words, placeOf }: Sentence): number | null {
  const { endLine, endColumn } = placeOf(0, words.length)
  const near = offsetAt(text, { line: endLine, column: endColumn })
  const tail = words.slice(-3)
  if (near === null) return null
  // A character that Markdown escapes has a column more in the file than in its words.
  for (let at = near; at <= Math.min(text.length, near + 12); at++)
    if (text.slice(at - tail.length, at) === tail) return at
  return null
}

/** The entry of the ledger that a place stands in. */
export function entryAt({ checked }: FixWorld, { file, ...place }: Place): Source | null {
  const sources = [...(checked.issue?.ledger.values() ?? [])]
  return sources.find((each) => each.place.file === file && isWithin(place, each.place)) ?? null
}

function isWithin(inner: Omit<Place, 'file'>, outer: Omit<Place, 'file'>): boolean {
  const afterStart = inner.line > outer.line || (inner.line === outer.line && inner.column >= outer.column)
  const beforeEnd =
    inner.line < outer.endLine || (inner.line === outer.endLine && inner.column < outer.endColumn)
  return afterStart && beforeEnd
}
