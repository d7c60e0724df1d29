import type { Definition, Root } from 'mdast'
import { visit } from 'unist-util-visit'

/** The targets of reference links (`[text][id]`) in a tree; the first of an id holds (CommonMark 4.7). */
export function definitionsOf(root: Root): Map<string, Definition> {
  const found = new Map<string, Definition>()
  visit(root, 'definition', (node) => {
    if (!found.has(node.identifier)) found.set(node.identifier, node)
  })
  return found
}
