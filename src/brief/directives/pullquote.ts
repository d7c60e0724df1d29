import type { BlockContent, RootContent } from 'mdast'
import type { ContainerDirective } from 'mdast-util-directive'
import { citationsOf } from '../citations.ts'
import type { Reading } from '../reading.ts'
import { placeOfNode } from './items.ts'

/**
 * `:::pullquote`: one blockquote with its citation, within it or in a paragraph after it. The node's children
 * are the blocks of the quotation itself; the blockquote around them is gone.
 */
export function pullquote(node: ContainerDirective, at: Reading): RootContent[] {
  const [quote, after, ...rest] = node.children
  const example = '> The words. [@id]'
  if (
    quote?.type !== 'blockquote' ||
    rest.length > 0 ||
    (after !== undefined && after.type !== 'paragraph')
  ) {
    at.report('DC812', node, '“pullquote” holds one blockquote with its citation.', `write “${example}”`)
    return node.children
  }
  const children: BlockContent[] = []
  for (const block of quote.children) {
    if (block.type === 'paragraph' || block.type === 'list') children.push(block)
    else if (block.type !== 'waiver') {
      at.report(
        'DC812',
        block,
        'A displayed quotation holds paragraphs and lists only.',
        `write “${example}”`,
      )
    }
  }
  if (after !== undefined) children.push(after)
  if (citationsOf(node).length === 0) {
    at.report('DC812', node, 'A displayed quotation needs its citation.', `write “${example}”`)
  }
  return [{ type: 'pullquote', children, ...placeOfNode(node) }]
}
