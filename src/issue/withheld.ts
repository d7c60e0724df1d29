import type { Node, Root } from 'mdast'
import type { Citation } from '../brief/tree.ts'
import { mayRead, type Tier } from '../core/tier.ts'
import type { Issue } from './issue.ts'

/** A text of an issue: its file, who may read it as a whole, and its tree. */
export interface IssueText {
  readonly file: string
  readonly access: Tier
  readonly root: Root
}

/** The opening note and the briefs, in reading order. */
export function textsOf(issue: Issue): readonly IssueText[] {
  return [
    { file: issue.file, access: 'public', root: issue.note },
    ...issue.briefs.map((brief) => ({ file: brief.file, access: brief.meta.access, root: brief.body })),
  ]
}

/** Whether a reader of `tier` gets a teaser, or nothing, in place of `node`. */
export function isWithheld(node: Node, tier: Tier): boolean {
  return node.type === 'members' && !mayRead(tier, 'member')
}

/** Every node of `root` that a reader of `tier` may read, parents first. */
export function* readable(root: Node, tier: Tier): Generator<Node> {
  if (isWithheld(root, tier)) return
  yield root
  for (const child of childrenOf(root)) yield* readable(child, tier)
}

export function childrenOf(node: Node): readonly Node[] {
  return 'children' in node && Array.isArray(node.children) ? node.children : []
}

export function isCitation(node: Node): node is Citation {
  return node.type === 'citation'
}
