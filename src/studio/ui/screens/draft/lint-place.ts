import type { Text } from '@codemirror/state'
import type { CheckFinding } from '../../../contract/check.ts'

/** A stretch of the open text. */
export interface Placed {
  readonly from: number
  readonly to: number
}

/**
 * Where a finding stands in a text that may have gone on since it was checked: its line is known by its words. Null
 * where that line is not there any more; a finding about no words has its line.
 */
export function placeIn(doc: Text, finding: Omit<CheckFinding, 'key' | 'fixes'>): Placed | null {
  const line = lineOf(doc, finding.line, finding.sourceLine)
  if (line === null) return null
  const first = doc.line(line)
  const from = Math.min(first.from + finding.column - 1, first.to)
  const last = doc.line(Math.min(doc.lines, line + finding.endLine - finding.line))
  const to = Math.min(last.from + finding.endColumn - 1, last.to)
  return to > from ? { from, to } : { from: first.from, to: first.to }
}

function lineOf(doc: Text, line: number, words: string | null): number | null {
  const isIt = (at: number): boolean => at >= 1 && at <= doc.lines && doc.line(at).text === words
  if (words === null) return line <= doc.lines ? line : null
  for (let away = 0; away < doc.lines; away++) {
    if (isIt(line - away)) return line - away
    if (isIt(line + away)) return line + away
    if (words.trim() === '') return null
  }
  return null
}
