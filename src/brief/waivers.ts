import type { Html, Nodes, Parent, RootContent } from 'mdast'
import { placeOf } from '../core/finding.ts'
import type { Brief, Waiver } from './brief.ts'
import type { Reading } from './reading.ts'

/** Every waiver of a brief, as written: first those of its frontmatter, then its desk comments. */
export function collectWaivers(brief: Brief): readonly Waiver[] {
  return [...brief.meta.waivers, ...waiversIn(brief.file, brief.body)]
}

/** The desk comments under `root`, each with the lines of the block that follows it. */
export function waiversIn(file: string, root: Nodes): readonly Waiver[] {
  if (!('children' in root)) return []
  return root.children.flatMap((child, index) => {
    if (child.type !== 'waiver') return waiversIn(file, child)
    const next = blockAfter(root, index)
    if (next?.position === undefined) return []
    const covers = { fromLine: next.position.start.line, toLine: next.position.end.line }
    return [
      { rule: child.rule, on: null, reason: child.reason, place: placeOf(file, child.position), covers },
    ]
  })
}

/**
 * Reads `<!-- desk-ok DC503: reason -->`: the waiver's node, nothing where it is malformed (DC705), or null
 * where the HTML is no desk comment.
 */
export function readDeskComment(node: Html, at: Reading): RootContent[] | null {
  const match = /^<!--\s*desk-ok\b\s*([^\s:>]*)\s*:?\s*([\s\S]*?)\s*-->\s*$/.exec(node.value)
  if (match === null) return null
  const [, rule = '', reason = ''] = match
  const hint = 'write <!-- desk-ok DC503: why this is right all the same -->'
  if (!/^DC\d{3}$/.test(rule)) {
    at.report('DC705', node, 'This waiver does not say which rule it is about.', hint)
  } else if (reason === '') {
    at.report('DC705', node, 'This waiver gives no reason.', hint)
  } else if (/\n\s*\n|-->/.test(reason)) {
    at.report('DC705', node, 'A waiver is one comment on a line of its own.', hint)
  } else if (isUnwaivable(rule)) {
    at.report('DC705', node, unwaivable(rule), 'mend what the finding is about')
  } else {
    const waiver: RootContent = { type: 'waiver', rule, reason: reason.replace(/\s+/g, ' ') }
    if (node.position !== undefined) waiver.position = node.position
    return [waiver]
  }
  return []
}

/** Reports (DC705) each desk comment that no block follows. */
export function checkWaivers(parent: Parent, at: Reading): void {
  for (const [index, child] of parent.children.entries()) {
    if (child.type === 'waiver' && blockAfter(parent, index) === undefined) {
      at.report(
        'DC705',
        child,
        'No block follows this waiver, so it covers nothing.',
        'put it before the block it is about',
      )
    }
    if ('children' in child) checkWaivers(child, at)
  }
}

/**
 * What no reason can make right: a file that cannot be read, and all that could turn members' words public
 * or let something unsafe out. `acces: member`, waived, would publish the brief.
 */
export function isUnwaivable(rule: string): boolean {
  return UNWAIVABLE.has(rule)
}

export function unwaivable(rule: string): string {
  return `${rule} cannot be waived.`
}

const UNWAIVABLE: ReadonlySet<string> = new Set([
  'DC705',
  'DC801',
  'DC802',
  'DC803',
  'DC804',
  'DC805',
  'DC810',
  'DC811',
  'DC812',
  'DC814',
  'DC815',
])

function blockAfter(parent: Parent, index: number): RootContent | undefined {
  return parent.children.slice(index + 1).find((each) => each.type !== 'waiver')
}
