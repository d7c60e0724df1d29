import type { Nodes } from 'mdast'
import type { Citation } from './tree.ts'

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
