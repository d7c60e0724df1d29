import type { RootContent } from 'mdast'
import type { LeafDirective } from 'mdast-util-directive'
import { linkProblem } from '../links.ts'
import type { Reading } from '../reading.ts'
import { isEmpty, placeOfNode } from './items.ts'

/** `::button[Read on]{href="https://…"}`: a call to action. */
export function button(node: LeafDirective, at: Reading): RootContent[] {
  const href = (node.attributes?.['href'] ?? '').trim()
  const problem = linkProblem(href)
  if (href === '') {
    at.report('DC812', node, 'This button leads nowhere.', 'write ::button[Words]{href="https://…"}')
  } else if (problem !== null) at.report('DC811', node, problem.message, problem.hint)
  if (isEmpty(node.children)) {
    at.report('DC812', node, 'This button has no words.', 'write ::button[Words]{href="https://…"}')
  }
  return [
    { type: 'button', href: problem === null ? href : '#', children: node.children, ...placeOfNode(node) },
  ]
}
