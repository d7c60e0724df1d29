import { finding, type Finding, type Place } from '../core/finding.ts'
import { parseAttributes } from './fence-attributes.ts'
import { looksLikeFence } from './fence-likeness.ts'

/** A directive as the lines of a file show it, or as the tree does: the gate compares the two. */
export interface Fence {
  readonly name: string
  readonly openLine: number
  /** The opening line for a leaf; null: never closed. */
  readonly closeLine: number | null
  /** How many containers it is in. */
  readonly depth: number
}

export interface FenceScan {
  /** In the order of their opening lines. */
  readonly fences: readonly Fence[]
  readonly findings: readonly Finding[]
}

interface Open {
  readonly name: string
  readonly line: number
  readonly colons: number
  readonly depth: number
  readonly at: number
}

const OPENER = /^ {0,3}(:{3,})([A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?)(\{.*\})?[ \t]*$/
const CLOSER = /^ {0,3}(:{3,})[ \t]*$/
const LEAF = /^ {0,3}::([A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?)(\[[^\]]*\])?(\{.*\})?[ \t]*$/

/**
 * Reads the fences of a body line by line, with a stack and without a Markdown parser: the second opinion
 * that makes the gate fail closed. Every line that looks like a fence must be one, exactly: a closing fence
 * as long as the one it closes, an inner one shorter than its outer, and none left open at the end. Anything
 * else is DC804.
 */
export function scanFences(file: string, body: string, firstLine: number): FenceScan {
  const fences: Fence[] = []
  const findings: Finding[] = []
  const stack: Open[] = []
  const refuse = (line: number, text: string, message: string, hint: string): void => {
    findings.push(finding('DC804', lineAt(file, line, text), message, { hint }))
  }

  for (const [index, text] of body.split('\n').entries()) {
    const line = index + 1
    if (line < firstLine || !looksLikeFence(text)) continue
    const opener = OPENER.exec(text)
    const closer = CLOSER.exec(text)
    const leaf = LEAF.exec(text)
    const top = stack.at(-1)
    if (opener !== null) {
      const [, colons = '', name = '', attributes] = opener
      const problem = attributes === undefined ? null : parseAttributes(attributes)
      if (problem !== null) refuse(line, text, problem.message, problem.hint)
      if (top !== undefined && colons.length >= top.colons) {
        const message = `“${colons}${name}” stands within “${':'.repeat(top.colons)}${top.name}” of line ${top.line} and must have fewer colons.`
        refuse(line, text, message, 'give the outer fence, opening and closing, one colon more')
      }
      stack.push({ name, line, colons: colons.length, depth: stack.length, at: fences.length })
      fences.push({ name, openLine: line, closeLine: null, depth: stack.length - 1 })
    } else if (closer !== null) {
      const colons = closer[1]?.length ?? 0
      const matching = stack.findLastIndex((each) => each.colons === colons)
      if (top === undefined) {
        refuse(
          line,
          text,
          'This fence closes nothing.',
          'remove it, or write the line that opens the section',
        )
      } else if (top.colons !== colons) {
        const message = `This fence has ${colons} colons; “${top.name}”, opened in line ${top.line}, has ${top.colons}.`
        refuse(line, text, message, 'a closing fence is exactly as long as the one it closes')
      }
      for (const closed of stack.splice(matching === -1 ? stack.length : matching)) {
        fences[closed.at] = { name: closed.name, openLine: closed.line, closeLine: line, depth: closed.depth }
      }
    } else if (leaf !== null) {
      const [, name = '', , attributes] = leaf
      const problem = attributes === undefined ? null : parseAttributes(attributes)
      if (problem !== null) refuse(line, text, problem.message, problem.hint)
      fences.push({ name, openLine: line, closeLine: line, depth: stack.length })
    } else {
      refuse(line, text, 'This line looks like a fence and is none.', hintFor(text))
    }
  }
  for (const open of stack) {
    const message = `The “${open.name}” that begins here is never closed.`
    const text = `${':'.repeat(open.colons)}${open.name}`
    refuse(open.line, text, message, `put “${':'.repeat(open.colons)}” on a line of its own where it ends`)
  }
  return { fences, findings }
}

function hintFor(text: string): string {
  if (/^\s*:{2,}\s+\S/u.test(text)) return 'write the name right after the colons, without a space'
  if (/^ {0,3}:{2,}[A-Za-z0-9_-]+\s+\{/u.test(text))
    return 'write the brace right after the name, without a space'
  if (/[“”„‟]/u.test(text)) return 'attributes need straight quotation marks: teaser="…"'
  if (/^(?: {4,}|\s*\t|[\s>*+-]|\d+[.)])/u.test(text))
    return 'a fence begins its line: remove what stands before it'
  return 'write :::name or :::name{teaser="…"} on a line of its own, and ::: where it ends'
}

function lineAt(file: string, line: number, text: string): Place {
  return { file, line, column: 1, endLine: line, endColumn: text.length + 1 }
}
