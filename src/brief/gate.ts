import type { Nodes, Root } from 'mdast'
import { finding, placeOf, startOf, type Finding } from '../core/finding.ts'
import { looksLikeFence } from './fence-likeness.ts'
import { scanFences, type Fence } from './fences.ts'

/**
 * The gate: findings (DC804) wherever members' words could turn public. The lines (`scanFences`) and the
 * parsed tree must show the very same directives, opened and closed at the same lines; no directive stands
 * in a quote or a list; no code block is left open or holds a fence; no link definition, which is seen from
 * everywhere, stands within a directive.
 */
export function checkGate(file: string, body: string, firstLine: number, tree: Root): readonly Finding[] {
  const scan = scanFences(file, body, firstLine)
  const findings: Finding[] = [...scan.findings]
  const inTree: Fence[] = []
  const lines = body.split('\n')
  walk(tree, { file, lines, depth: 0, contained: false, fences: inTree, findings })
  if (findings.length === 0) findings.push(...disagreements(file, scan.fences, inTree))
  return findings
}

interface Walk {
  readonly file: string
  readonly lines: readonly string[]
  readonly depth: number
  /** Within a quote or a list. */
  readonly contained: boolean
  readonly fences: Fence[]
  readonly findings: Finding[]
}

function walk(node: Nodes, at: Walk): void {
  const place = placeOf(at.file, node.position)
  const refuse = (message: string, hint: string): void => {
    at.findings.push(finding('DC804', place, message, { hint }))
  }
  let inside = at
  switch (node.type) {
    case 'containerDirective':
    case 'leafDirective': {
      if (at.contained) {
        refuse(`“${node.name}” stands within a quote or a list.`, 'give it lines of its own, not indented')
      }
      const closing = node.type === 'leafDirective' ? place.line : (closingLine(node) ?? null)
      at.fences.push({ name: node.name, openLine: place.line, closeLine: closing, depth: at.depth })
      inside = { ...at, depth: at.depth + 1 }
      break
    }
    case 'blockquote':
    case 'list':
      inside = { ...at, contained: true }
      break
    case 'code':
      if (isLeftOpen(node.position, at.lines)) {
        refuse(
          'The code block that begins here is never closed.',
          'put ``` on a line of its own where it ends',
        )
      }
      if (node.value.split('\n').some(looksLikeFence)) {
        refuse(
          'This code block holds a line that looks like a fence.',
          'take the fence out of the code block',
        )
      }
      break
    case 'definition':
      if (at.depth > 0) {
        refuse(
          'A link definition within a directive could be seen outside it.',
          'write the link as [words](https://…)',
        )
      }
      break
    default:
  }
  if ('children' in node) for (const child of node.children) walk(child, inside)
}

function closingLine(node: Nodes): number | undefined {
  const data: unknown = node.data
  const position: unknown = Reflect.get(Object(data), 'position')
  const closing: unknown = Reflect.get(Object(position), 'closing')
  const line: unknown = Reflect.get(Object(Reflect.get(Object(closing), 'start')), 'line')
  return typeof line === 'number' ? line : undefined
}

/** A fenced block whose last line is not a fence runs to the end of what it is in. */
function isLeftOpen(position: Nodes['position'], lines: readonly string[]): boolean {
  if (position === undefined) return false
  const first = (lines[position.start.line - 1] ?? '').slice(position.start.column - 1)
  const fence = /^(`{3,}|~{3,})/.exec(first)?.[1]
  if (fence === undefined) return false
  if (position.start.line === position.end.line) return true
  const last = (lines[position.end.line - 1] ?? '').slice(0, position.end.column - 1)
  const closing = /(?:^|[\s>])(`{3,}|~{3,})[ \t]*$/.exec(last)?.[1]
  return closing === undefined || closing.charAt(0) !== fence.charAt(0) || closing.length < fence.length
}

function disagreements(
  file: string,
  written: readonly Fence[],
  parsed: readonly Fence[],
): readonly Finding[] {
  const rest = new Map(parsed.map((each) => [each.openLine, each]))
  const findings: Finding[] = []
  for (const each of written) {
    const other = rest.get(each.openLine)
    rest.delete(each.openLine)
    const same = other?.name === each.name && other.closeLine === each.closeLine && other.depth === each.depth
    if (!same) findings.push(disagreement(file, each))
  }
  for (const each of rest.values()) findings.push(disagreement(file, each))
  return findings
}

function disagreement(file: string, fence: Fence): Finding {
  const place = { ...startOf(file), line: fence.openLine, endLine: fence.openLine }
  return finding(
    'DC804',
    place,
    `It is not certain where the “${fence.name}” of this line begins and ends.`,
    {
      hint: 'put an empty line before and after each of its fences, and nothing before the colons',
    },
  )
}
