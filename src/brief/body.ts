import type { Root } from 'mdast'
import { blocks, finding, startOf, type Finding } from '../core/finding.ts'
import { checkBrackets } from './citation-brackets.ts'
import { checkForm } from './form.ts'
import { checkGate } from './gate.ts'
import { parseMarkdown } from './markdown.ts'
import { reading } from './reading.ts'
import { resolveReferences } from './references.ts'
import { makeTyped } from './typed-tree.ts'
import { checkWaivers } from './waivers.ts'

/** The body of a file as the tree that `tree.ts` describes. */
export interface ParsedBody {
  readonly tree: Root
  readonly findings: readonly Finding[]
}

/**
 * Parses a body (with the frontmatter before it blanked out, so that positions are the file's). Where the gate
 * finds anything, the whole tree is put into one members' section: even a caller that overlooks the
 * findings publishes nothing.
 */
export function parseBody(file: string, body: string, firstLine: number): ParsedBody {
  const tooDeep = depthProblem(file, body)
  if (tooDeep !== null) return { tree: { type: 'root', children: [] }, findings: [tooDeep] }
  const { tree, findings: fromSyntax } = parseMarkdown(file, body)
  if (tree === null) return { tree: { type: 'root', children: [] }, findings: fromSyntax }
  const findings: Finding[] = [...fromSyntax]
  findings.push(...checkGate(file, body, firstLine, tree))
  const at = reading(file, findings)
  resolveReferences(tree, body, at)
  checkBrackets(tree, body, at)
  makeTyped(tree, at)
  checkWaivers(tree, at)
  checkForm(tree, at)
  return { tree: isOpen(findings) ? closed(tree) : tree, findings }
}

/** Whether the gate has something against the text. */
function isOpen(findings: readonly Finding[]): boolean {
  return blocks(findings.filter((each) => each.rule === 'DC803' || each.rule === 'DC804'))
}

function closed(tree: Root): Root {
  const members = { type: 'members' as const, teaser: '', children: tree.children }
  const place = tree.position === undefined ? {} : { position: tree.position }
  return { type: 'root', children: [{ ...members, ...place }], ...place }
}

/** Quotes and lists within one another: an editor needs three, a parser's stack breaks at thousands. */
const MAX_DEPTH = 50

function depthProblem(file: string, body: string): Finding | null {
  for (const [index, line] of body.split('\n').entries()) {
    const marks = /^(?:\s{0,8}(?:>|[-+*](?=\s)|\d{1,9}[.)](?=\s)))+/.exec(line)?.[0] ?? ''
    const depth = marks.match(/>|[-+*]|\d+[.)]/g)?.length ?? 0
    if (depth > MAX_DEPTH) {
      const place = { ...startOf(file), line: index + 1, endLine: index + 1, endColumn: line.length + 1 }
      return finding('DC815', place, `This line is ${depth} quotes and lists deep.`, {
        hint: 'write fewer marks',
      })
    }
  }
  return null
}
