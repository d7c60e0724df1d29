import type { Node } from 'yaml'

/** One stretch of a text and what takes its place. */
export interface TextEdit {
  readonly from: number
  readonly to: number
  readonly insert: string
}

/** `text` with edits that do not overlap. */
export function splice(text: string, edits: readonly TextEdit[]): string {
  let written = ''
  let at = 0
  for (const { from, to, insert } of edits.toSorted((a, b) => a.from - b.from || a.to - b.to)) {
    written += text.slice(at, from) + insert
    at = to
  }
  return written + text.slice(at)
}

/** Where a node stands in its YAML, and where its value ends. */
export function rangeOf(node: unknown): readonly [number, number] | undefined {
  const range = (node as Node | null | undefined)?.range
  return range ? [range[0], range[1]] : undefined
}

export function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1
}

/** Where the next line begins; `at` itself where it is the beginning of one. */
export function afterLine(text: string, at: number): number {
  if (at > 0 && text.charAt(at - 1) === '\n') return at
  const found = text.indexOf('\n', at)
  return found === -1 ? text.length : found + 1
}
