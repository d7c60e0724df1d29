import type { BlockContent, RootContent } from 'mdast'
import type { ContainerDirective } from 'mdast-util-directive'
import { citationsOf } from '../citations.ts'
import { plainText } from '../plain-text.ts'
import type { Reading } from '../reading.ts'
import type { Position } from '../tree.ts'
import { placeOfNode } from './items.ts'

const HINT = 'write “### Party”, an empty line, and a paragraph for each'

/** `:::positions`: what each party says, under `### Party`. */
export function positions(node: ContainerDirective, at: Reading): RootContent[] {
  const children: Position[] = []
  for (const block of node.children) {
    const current = children.at(-1)
    if (block.type === 'heading') {
      const party = plainText(block).replace(/\s+/g, ' ')
      if (block.depth !== 3 || party === '') {
        at.report('DC812', block, 'A party’s name stands in a heading of the third level.', HINT)
      }
      if (citationsOf(block).length > 0) {
        at.report('DC812', block, 'A citation cannot stand in a party’s name.', 'put it into the paragraph')
      }
      children.push({ type: 'position', party, children: [], ...placeOfNode(block) })
    } else if (current === undefined) {
      at.report('DC812', block, 'Here is text before the first party’s name.', HINT)
    } else if (isPlainBlock(block)) {
      current.children.push(block)
      if (current.position !== undefined && block.position !== undefined) {
        current.position = { start: current.position.start, end: block.position.end }
      }
    } else at.report('DC812', block, 'A position is told in paragraphs, lists and quotations.', HINT)
  }
  if (children.length === 0) at.report('DC812', node, '“positions” names no party.', HINT)
  for (const each of children) {
    if (each.children.length === 0) at.report('DC812', each, `“${each.party}” has no text.`, HINT)
  }
  return [{ type: 'positions', children, ...placeOfNode(node) }]
}

function isPlainBlock(block: RootContent): block is BlockContent {
  return block.type === 'paragraph' || block.type === 'list' || block.type === 'blockquote'
}
