import type { Nodes } from 'mdast'
import type { Point } from 'unist'
import type { Citation } from '../brief/tree.ts'

/** The words of a block in one string, with the place of each in the file, and its citations. */
export interface FlatText {
  readonly text: string
  readonly citations: readonly PlacedCitation[]
  /** The place of the character at `offset`, and the place after it. */
  pointAt(offset: number): Point | null
  pointAfter(offset: number): Point | null
}

export interface PlacedCitation {
  readonly citation: Citation
  /** Where it stands in `text`: between the characters `at - 1` and `at`. A narrative one has words after it. */
  readonly at: number
}

interface Piece {
  readonly from: number
  readonly value: string
  /** The value with the space that went with a citation: what `start` and `end` are the places of. */
  readonly whole: string
  readonly start: Point | undefined
  readonly end: Point | undefined
}

/**
 * Flattens emphasis, links and the like. A citation in brackets has no words, and the space before
 * it goes with it; a narrative one reads as `nameOf` says (its publisher).
 */
export function flatText(block: Nodes, nameOf: (id: string) => string): FlatText {
  const pieces: Piece[] = []
  const citations: PlacedCitation[] = []
  let length = 0

  const add = (value: string, node: Nodes, whole = value): void => {
    pieces.push({ from: length, value, whole, start: wordStart(node), end: node.position?.end })
    length += value.length
  }
  const walk = (nodes: readonly Nodes[], after: Nodes | undefined): void => {
    for (const [index, node] of nodes.entries()) {
      const next = nodes[index + 1] ?? after
      if (node.type === 'citation') {
        citations.push({ citation: node, at: length })
        if (node.narrative) add(node.items.map((item) => nameOf(item.id)).join(' and '), node)
      } else if (node.type === 'text' || node.type === 'inlineCode') {
        const glued = next?.type === 'citation' && !next.narrative
        add(glued ? node.value.trimEnd() : node.value, node, node.value)
      } else if (node.type === 'break') add('\n', node)
      else if ('children' in node) walk(node.children, next)
    }
  }
  walk('children' in block ? block.children : [block], undefined)

  const pieceAt = (offset: number): Piece | undefined =>
    pieces.findLast((piece) => piece.from <= offset && piece.value !== '')
  return {
    text: pieces.map((piece) => piece.value).join(''),
    citations,
    pointAt: (offset) => {
      const piece = pieceAt(offset)
      return piece === undefined ? null : pointIn(piece, offset - piece.from)
    },
    pointAfter: (offset) => {
      const piece = pieceAt(offset)
      return piece === undefined ? null : pointIn(piece, offset - piece.from + 1)
    },
  }
}

/** Where the words of a node begin: of code, behind its backticks. */
function wordStart(node: Nodes): Point | undefined {
  if (node.position === undefined) return undefined
  const { start, end } = node.position
  if (node.type !== 'inlineCode' || start.line !== end.line) return start
  const marks = end.column - start.column - node.value.length
  return { line: start.line, column: start.column + Math.floor(marks / 2) }
}

/**
 * The place `within` a piece. Markdown drops the indent of a line that goes on; the piece's last line
 * tells how deep it was. An escape before it in its line puts a column off by one.
 */
function pointIn(piece: Piece, within: number): Point | null {
  const { start, end, value, whole } = piece
  if (start === undefined || end === undefined) return null
  const before = value.slice(0, within).split('\n')
  const row = before.length - 1
  const column = before[row]?.length ?? 0
  if (row === 0) return { line: start.line, column: Math.min(start.column + column, columnLimit(start, end)) }
  const lastLine = whole.length - (whole.lastIndexOf('\n') + 1)
  const indent =
    start.line + whole.split('\n').length - 1 === end.line ? Math.max(1, end.column - lastLine) : 1
  return { line: start.line + row, column: indent + column }
}

function columnLimit(start: Point, end: Point): number {
  return start.line === end.line ? end.column : Number.MAX_SAFE_INTEGER
}
