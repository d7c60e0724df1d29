import type { CheckFinding } from '../../../contract/check.ts'

/** So many characters of a line are read at a glance. */
const MOST = 160
/** So many of them stand before the words that are meant. */
const LEAD = 40

/** A stretch of a finding’s line: the words that are meant, and what stands around them. */
export interface Excerpt {
  readonly lead: string
  /** Empty: the whole line is meant. */
  readonly words: string
  readonly tail: string
}

/** Where a finding is, in the words of its line; null where the file cannot be read, or the line is empty. */
export function excerptOf({
  sourceLine,
  line,
  column,
  endLine,
  endColumn,
}: Pick<CheckFinding, 'sourceLine' | 'line' | 'column' | 'endLine' | 'endColumn'>): Excerpt | null {
  if (sourceLine === null || sourceLine.trim() === '') return null
  const from = Math.min(column - 1, sourceLine.length)
  const to = endLine > line ? sourceLine.length : Math.max(from, Math.min(endColumn - 1, sourceLine.length))
  const isAll = sourceLine.slice(0, from).trim() === '' && sourceLine.slice(to).trim() === ''
  const start = sourceLine.length <= MOST ? 0 : wordStart(sourceLine, from - LEAD)
  const end = sourceLine.length <= start + MOST ? sourceLine.length : wordEnd(sourceLine, start + MOST)
  const [first, last] = isAll ? [start, start] : [from, Math.min(to, end)]
  return {
    lead: (start > 0 ? '… ' : '') + sourceLine.slice(start, first),
    words: sourceLine.slice(first, last),
    tail: sourceLine.slice(last, end) + (end < sourceLine.length ? ' …' : ''),
  }
}

function wordStart(line: string, at: number): number {
  if (at <= 0) return 0
  const space = line.indexOf(' ', at)
  return space === -1 ? at : space + 1
}

function wordEnd(line: string, at: number): number {
  const space = line.lastIndexOf(' ', at)
  return space === -1 ? at : space
}
