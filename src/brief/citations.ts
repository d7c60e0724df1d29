import type { Nodes } from 'mdast'
import type { Citation, CitationMark } from './tree.ts'

/** Every citation at or under `root`, in the order of the document. */
export function citationsOf(root: Nodes): readonly Citation[] {
  const found: Citation[] = []
  collect(root, found)
  return found
}

function collect(node: Nodes, found: Citation[]): void {
  if (node.type === 'citation') found.push(node)
  if ('children' in node) for (const child of node.children) collect(child, found)
}

/** The marks that are shown by themselves: a relay is shown behind what it relays. None before projection. */
export function mainMarks({ marks = [] }: Citation): readonly CitationMark[] {
  const relays = new Set(marks.flatMap((mark) => (mark.via === null ? [] : [mark.via])))
  const main = marks.filter((mark) => !relays.has(mark.number))
  // A source that relays itself or a ring of two would otherwise show nothing.
  return main.length > 0 ? main : marks
}
