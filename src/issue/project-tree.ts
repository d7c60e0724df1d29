import type { Node, Nodes, Root, RootContent } from 'mdast'
import { citationsOf } from '../brief/citations.ts'
import type { Citation } from '../brief/tree.ts'
import { mayRead, type Tier } from '../core/tier.ts'
import type { Issue } from './issue.ts'
import type { Mask } from './mask.ts'
import { marksOf, type Cited } from './project-sources.ts'
import { isWithheld } from './withheld.ts'

/** What decides, for one tier, which words and addresses stay. */
export interface Projection {
  readonly issue: Issue
  readonly tier: Tier
  readonly cited: Cited
  readonly mask: Mask
}

/**
 * `root` as a reader of the projection's tier may see it. Members' sections become teasers, waivers
 * and raw HTML go, citations get their marks, and addresses that the tier may not follow are unlinked
 * and masked.
 *
 * @param keepImage whether an image, by the path written, is there to be shown
 */
export function projectTree(root: Root, projection: Projection, keepImage: (src: string) => boolean): Root {
  const { mask } = projection

  const many = (nodes: readonly Nodes[]): RootContent[] => nodes.flatMap(one)

  const one = (node: Nodes): RootContent[] => {
    if (node.type === 'members' && isWithheld(node, projection.tier)) {
      return [{ type: 'teaser', teaser: mask.text(node.teaser), ...positionOf(node) }]
    }
    switch (node.type) {
      case 'waiver':
      case 'html':
      // `brief/` resolves references; should one be left, it leads nowhere.
      case 'definition':
      case 'imageReference':
        return []
      case 'linkReference':
        return many(node.children)
      case 'citation':
        return [projectCitation(node, projection)]
      case 'link':
        return mask.hides(node.url) === null ? copy(node) : many(node.children)
      case 'image':
        return keepImage(node.url) ? copy(node) : []
      case 'button':
        if (mask.hides(node.href) === null) return copy(node)
        return [withChildren({ type: 'paragraph', children: [], ...positionOf(node) }, many(node.children))]
      default:
        return copy(node)
    }
  }

  const copy = (node: Nodes): RootContent[] => {
    const plain = masked(node, mask)
    return 'children' in node ? [withChildren(plain, whole(many(node.children), mask))] : [plain]
  }

  return { type: 'root', children: many(root.children), ...positionOf(root) }
}

/**
 * The children of a sentence, unless emphasis or code within an address had kept it from being seen: then
 * the words lose their form and keep their citations.
 */
function whole(children: RootContent[], mask: Mask): RootContent[] {
  if (children.length < 2 || !children.some((child) => child.type === 'text')) return children
  const words = children.map(wordsOf).join('')
  const shown = mask.text(words)
  if (shown === words) return children
  return [{ type: 'text', value: shown }, ...children.flatMap((child) => citationsOf(child))]
}

/** As `plainText`, with the spaces at both ends. */
function wordsOf(node: Nodes): string {
  if (node.type === 'citation' || node.type === 'break') return ' '
  if ('value' in node) return node.value
  return 'children' in node ? node.children.map(wordsOf).join('') : ''
}

/** Only the marks, and what of the items the tier may see: the words of a source go with its link. */
function projectCitation(citation: Citation, projection: Projection): Citation {
  const { issue, tier, cited, mask } = projection
  const quotable = mayRead(tier, 'subscriber')
  const items = citation.items.map((item) => ({
    ...item,
    locator: item.locator === null ? null : mask.text(item.locator),
    quote: item.quote === null || !quotable ? null : mask.text(item.quote),
  }))
  return { ...citation, items, marks: marksOf(citation.items, issue, tier, cited, mask) }
}

/** A copy of `node` without children, its texts masked; an address that may be followed stays as written. */
function masked(node: Nodes, mask: Mask): RootContent {
  const copied: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(node)) {
    if (key === 'data' || key === 'children') continue
    const isText = typeof value === 'string' && key !== 'type' && key !== 'url' && key !== 'href'
    copied[key] = isText ? mask.text(value) : value
  }
  // What was copied key by key is a node of the same type.
  return copied as unknown as RootContent
}

function withChildren(node: RootContent, children: readonly RootContent[]): RootContent {
  // The children are projections of that node's own children, each of a kind it may hold.
  return { ...node, children } as RootContent
}

function positionOf(node: Nodes): Pick<Node, 'position'> {
  return node.position === undefined ? {} : { position: node.position }
}
