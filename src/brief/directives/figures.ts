import type { RootContent } from 'mdast'
import type { ContainerDirective } from 'mdast-util-directive'
import type { Reading } from '../reading.ts'
import type { Figure } from '../tree.ts'
import { isEmpty, itemsOf, placeOfNode, strongHead, trimStart } from './items.ts'

const EXAMPLE = '- **346** injured [@id]'

/** `:::figures`: key numbers. */
export function figures(node: ContainerDirective, at: Reading): RootContent[] {
  const items = itemsOf(node, EXAMPLE, at)
  if (items === null) return node.children
  const children = items.flatMap((item): Figure[] => {
    const strong = strongHead(item.words)
    if (strong === null || !/\p{N}/u.test(strong.head) || isEmpty(strong.rest)) {
      at.report('DC812', item.node, 'A figure is a number in bold and what it counts.', `write “${EXAMPLE}”`)
      return []
    }
    return [
      { type: 'figure', value: strong.head, children: trimStart(strong.rest), ...placeOfNode(item.node) },
    ]
  })
  return [{ type: 'figures', children, ...placeOfNode(node) }]
}
