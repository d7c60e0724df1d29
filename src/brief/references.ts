import type { Definition, Nodes, Parent, RootContent } from 'mdast'
import type { Reading } from './reading.ts'

/**
 * Turns `[words][name]` into the link or image it means, in place, and takes the definitions out, so that
 * nothing later has to look an address up elsewhere in the document. A name that is not defined is DC811.
 *
 * @param body the text the tree was parsed from, for what the parser left as text
 */
export function resolveReferences(root: Parent, body: string, at: Reading): void {
  const definitions = new Map<string, Definition>()
  collect(root, definitions, at)
  resolve(root, definitions)
  reportUndefined(root, body, at)
}

function collect(node: Nodes | Parent, definitions: Map<string, Definition>, at: Reading): void {
  if ('type' in node && node.type === 'definition' && 'identifier' in node) {
    if (definitions.has(node.identifier)) {
      at.report(
        'DC811',
        node,
        `“${node.label ?? node.identifier}” is defined twice.`,
        'give one of them another name',
      )
    } else definitions.set(node.identifier, node)
    if (node.identifier.startsWith('@')) {
      at.report('DC810', node, 'A source’s id cannot name a link.', 'put the address into the ledger')
    }
  }
  if ('children' in node) for (const child of node.children) collect(child, definitions, at)
}

function resolve(parent: Parent, definitions: ReadonlyMap<string, Definition>): void {
  parent.children = parent.children.flatMap((node): RootContent[] => {
    if ('children' in node) resolve(node, definitions)
    if (node.type === 'definition') return []
    if (node.type !== 'linkReference' && node.type !== 'imageReference') return [node]
    const definition = definitions.get(node.identifier)
    const target = { url: definition?.url ?? '', title: definition?.title ?? null }
    const place = node.position === undefined ? {} : { position: node.position }
    if (node.type === 'linkReference') return [{ type: 'link', ...target, children: node.children, ...place }]
    return [{ type: 'image', ...target, alt: node.alt ?? null, ...place }]
  })
}

const REFERENCE = /!?\[((?:[^[\]\\]|\\.)+)\]\[((?:[^[\]\\]|\\.)*)\]/gu

/** `[words][name]` with no definition is plain text to Markdown; editors did not mean to print brackets. */
function reportUndefined(node: Nodes | Parent, body: string, at: Reading): void {
  if (!('children' in node)) return
  const isProse =
    'type' in node && (node.type === 'paragraph' || node.type === 'heading' || node.type === 'tableCell')
  if (!isProse) {
    for (const child of node.children) reportUndefined(child, body, at)
    return
  }
  const start = 'position' in node ? node.position?.start : undefined
  const end = 'position' in node ? node.position?.end.offset : undefined
  if (start?.offset === undefined || end === undefined) return
  const source = masked(node, body, start.offset, end)
  for (const match of source.matchAll(REFERENCE)) {
    if (source.charAt(match.index - 1) === '\\') continue
    const name = match[2] === '' ? match[1] : match[2]
    const before = source.slice(0, match.index)
    const line = start.line + before.split('\n').length - 1
    const lineStart = before.lastIndexOf('\n') + 1
    const column = lineStart === 0 ? start.column + match.index : match.index - lineStart + 1
    const place = { line, column, offset: start.offset + match.index }
    const until = { line, column: column + match[0].length, offset: place.offset + match[0].length }
    at.report(
      'DC811',
      { position: { start: place, end: until } },
      `No link is named “${name}”.`,
      'write [words](https://…)',
    )
  }
}

/** The source of a paragraph, from offset to offset, with what is no text (code, links, citations) blanked out. */
export function masked(node: Parent, body: string, start: number, end: number): string {
  let source = ''
  let done = start
  const visit = (each: Nodes): void => {
    const from = each.position?.start.offset
    const to = each.position?.end.offset
    const opaque = each.type !== 'text' && !('children' in each && each.type !== 'link')
    if (opaque && from !== undefined && to !== undefined) {
      source += body.slice(done, from) + body.slice(from, to).replace(/[^\n]/g, ' ')
      done = to
    } else if ('children' in each) for (const child of each.children) visit(child)
  }
  for (const child of node.children) visit(child)
  return source + body.slice(done, end)
}
