import type { RootContent } from 'mdast'
import type { ContainerDirective } from 'mdast-util-directive'
import type { Reading } from '../reading.ts'
import { placeOfNode } from './items.ts'

/** `:::note` and `:::correction`: anything, but not nothing. */
export function blockDirective(
  type: 'note' | 'correction',
  node: ContainerDirective,
  at: Reading,
): RootContent[] {
  if (!node.children.some((child) => child.type !== 'waiver')) {
    at.report('DC812', node, `This ${type} is empty.`, 'write its text between the fences, or remove it')
  }
  return [{ type, children: node.children, ...placeOfNode(node) }]
}
