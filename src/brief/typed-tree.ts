import type { Html, Parent, RootContent } from 'mdast'
import type { ContainerDirective, LeafDirective } from 'mdast-util-directive'
import { didYouMean } from '../core/nearest.ts'
import { directiveNames, directives, isDirectiveName } from './directive-names.ts'
import { blockDirective } from './directives/blocks.ts'
import { button } from './directives/button.ts'
import { figures } from './directives/figures.ts'
import { members } from './directives/members.ts'
import { positions } from './directives/positions.ts'
import { pullquote } from './directives/pullquote.ts'
import { scenarios } from './directives/scenarios.ts'
import { timeline } from './directives/timeline.ts'
import type { Reading } from './reading.ts'
import type { WaiverComment } from './tree.ts'
import { readDeskComment } from './waivers.ts'

/**
 * Makes the nodes of `tree.ts` out of generic directives and desk comments, in place, throughout `parent`.
 * What is no directive of ours becomes a members' section without a teaser: an error, and nothing public.
 * HTML, plain comments too, is an error (DC805) and leaves nothing behind.
 */
export function makeTyped(parent: Parent, at: Reading): void {
  parent.children = parent.children.flatMap((node) => typed(node, at))
}

function typed(node: RootContent, at: Reading): RootContent[] {
  if (node.type === 'html') return fromHtml(node, at)
  if ('children' in node) makeTyped(node, at)
  if (node.type === 'leafDirective' || node.type === 'containerDirective') return fromDirective(node, at)
  return [node]
}

function fromHtml(node: Html, at: Reading): RootContent[] {
  const comment = readDeskComment(node, at)
  if (comment !== null) return comment
  const isComment = node.value.trimStart().startsWith('<!--')
  at.report(
    'DC805',
    node,
    isComment ? 'Comments are not kept out of what readers get.' : 'HTML is not passed through.',
    isComment
      ? 'delete it; only <!-- desk-ok DCnnn: reason --> may stand here, on a line of its own'
      : 'write it in Markdown, or write &lt; for a literal <',
  )
  return []
}

function fromDirective(node: ContainerDirective | LeafDirective, at: Reading): RootContent[] {
  const { name } = node
  if (!isDirectiveName(name)) {
    const hint = didYouMean(name, directiveNames) ?? `the directives are ${directiveNames.join(', ')}`
    at.report('DC803', opening(node), `There is no directive “${name}”.`, hint)
    return [{ type: 'members', teaser: '', children: node.children, ...positionOf(node) }]
  }
  checkAttributes(node, directives[name].attributes, at)
  if (node.type === 'leafDirective') {
    if (name === 'button') return button(node, at)
    at.report(
      'DC804',
      node,
      `“${name}” has content of its own and needs three colons.`,
      `write “:::${name}”, its content, and “:::” on a line of its own`,
    )
    return []
  }
  // A desk comment within covers the whole directive: its lists have no room for one.
  const waivers = node.children.filter((child): child is WaiverComment => child.type === 'waiver')
  const content = { ...node, children: node.children.filter((child) => child.type !== 'waiver') }
  switch (name) {
    case 'members':
      return members(node, at)
    case 'note':
    case 'correction':
      return blockDirective(name, node, at)
    case 'scenarios':
      return [...waivers, ...scenarios(content, at)]
    case 'timeline':
      return [...waivers, ...timeline(content, at)]
    case 'figures':
      return [...waivers, ...figures(content, at)]
    case 'positions':
      return [...waivers, ...positions(content, at)]
    case 'pullquote':
      return [...waivers, ...pullquote(content, at)]
    case 'button':
      at.report(
        'DC804',
        opening(node),
        '“button” has no content of its own.',
        'write ::button[Words]{href="https://…"}',
      )
      return []
  }
}

function checkAttributes(
  node: ContainerDirective | LeafDirective,
  known: readonly string[],
  at: Reading,
): void {
  for (const attribute of Object.keys(node.attributes ?? {})) {
    if (known.includes(attribute)) continue
    const hint =
      didYouMean(attribute, known) ?? (known.length === 0 ? 'it has none' : `it knows ${known.join(', ')}`)
    const place = node.data?.position?.attributes?.[attribute]
    at.report(
      'DC803',
      place === undefined ? opening(node) : { position: place },
      `“${node.name}” has no attribute “${attribute}”.`,
      hint,
    )
  }
}

/** The opening line of a directive rather than all of it. */
function opening(node: ContainerDirective | LeafDirective): Pick<RootContent, 'position'> {
  const place = node.data?.position?.opening
  return place === undefined ? node : { position: place }
}

function positionOf(node: RootContent): Pick<RootContent, 'position'> {
  return node.position === undefined ? {} : { position: node.position }
}
