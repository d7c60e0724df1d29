import { attributeOf, boxOf, closestIn, elementsIn, textOf } from '../../parts/frame-document.ts'

/** Where the words of a block stand in an editor's file; lines and columns count from 1, the end is exclusive. */
export interface Position {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly endLine: number
}

/** What a position mark says (`PositionMark`), or null. */
export function readMark(mark: string | null, files: readonly string[]): Position | null {
  const found = /^(\d+):(\d+):(\d+)-(\d+):(\d+)$/.exec(mark ?? '')
  const file = files[Number(found?.[1] ?? -1)]
  if (found === null || file === undefined) return null
  return { file, line: Number(found[2]), column: Number(found[3]), endLine: Number(found[4]) }
}

/** A block of a frame that was made from an editor's words. */
export interface Passage {
  readonly element: Element
  readonly position: Position
}

export function passagesIn(document: Document, files: readonly string[]): readonly Passage[] {
  return elementsIn(document, '[data-l]').flatMap((element) => {
    const position = readMark(attributeOf(element, 'data-l'), files)
    return position === null ? [] : { element, position }
  })
}

export function passageAt(target: EventTarget | null, files: readonly string[]): Passage | null {
  const element = closestIn(target, '[data-l]')
  const position = element === null ? null : readMark(attributeOf(element, 'data-l'), files)
  return element === null || position === null ? null : { element, position }
}

/** The narrowest of the passages that were made from this line; that before it where there is none. */
export function passageOf(
  passages: readonly Passage[],
  place: { readonly file: string; readonly line: number },
): Passage | null {
  const ofFile = passages.filter(({ position }) => position.file === place.file)
  const around = ofFile.filter(
    ({ position }) => position.line <= place.line && place.line <= position.endLine,
  )
  const size = ({ position }: Passage): number => position.endLine - position.line
  return around.toSorted((a, b) => size(a) - size(b))[0] ?? null
}

/** A passage’s beginning, for those who do not see it. */
export function wordsOf({ element }: Passage): string {
  const words = textOf(element).replace(/\s+/g, ' ').trim()
  return words.length > 80 ? `${words.slice(0, 80).replace(/\s+\S*$/, '')} …` : words
}

/** The sentence of a passage that stands at a point of the frame; null: none does. */
export function sentenceAt(document: Document, { element }: Passage, x: number, y: number): string | null {
  const at = caretAt(document, x, y)
  if (at === null || !contains(element, at.node)) return null
  const range = Reflect.apply(Document.prototype.createRange, document, []) as Range
  range.setStart(element, 0)
  range.setEnd(at.node, at.offset)
  const before = range.toString().length
  for (const { segment, index } of new Intl.Segmenter(undefined, { granularity: 'sentence' }).segment(
    textOf(element),
  )) {
    if (before >= index && before < index + segment.length) return segment.replace(/\s+/g, ' ').trim()
  }
  return null
}

function contains(element: Element, node: Node): boolean {
  return Reflect.apply(Node.prototype.contains, element, [node]) as boolean
}

/** Not every browser has the newer of the two. */
function caretAt(
  document: Document,
  x: number,
  y: number,
): { readonly node: Node; readonly offset: number } | null {
  const ask = Reflect.get(Document.prototype, 'caretPositionFromPoint') as Function | undefined
  if (ask !== undefined) {
    const found = Reflect.apply(ask, document, [x, y]) as CaretPosition | null
    return found === null ? null : { node: found.offsetNode, offset: found.offset }
  }
  const range = Reflect.apply(Document.prototype.caretRangeFromPoint, document, [x, y]) as Range | null
  return range === null ? null : { node: range.startContainer, offset: range.startOffset }
}

/** Whether all of it, or as much as there is room for, is seen in a window of that height. */
export function isSeen(element: Element, height: number): boolean {
  const { top, bottom } = boxOf(element)
  return top >= 0 && bottom <= height
}
