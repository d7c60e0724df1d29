import type { RootContent } from 'mdast'
import type { ContainerDirective } from 'mdast-util-directive'
import type { Reading } from '../reading.ts'
import { placeOfNode } from './items.ts'

/** `:::members{teaser="Why …"}`: a section for members. Always a members node, whatever is wrong with it. */
export function members(node: ContainerDirective, at: Reading): RootContent[] {
  const teaser = (node.attributes?.['teaser'] ?? '').replace(/\s+/g, ' ').trim()
  const line = node.data?.position?.opening
  const opening = line === undefined ? node : { position: line }
  if (teaser === '') {
    at.report(
      'DC812',
      opening,
      'A members’ section needs a teaser, which everybody else reads instead of it.',
      'write :::members{teaser="Why …"}',
    )
  }
  if (!node.children.some((child) => child.type !== 'waiver')) {
    at.report(
      'DC812',
      opening,
      'This members’ section is empty.',
      'write what members read between its fences',
    )
  }
  return [{ type: 'members', teaser, children: node.children, ...placeOfNode(node) }]
}
