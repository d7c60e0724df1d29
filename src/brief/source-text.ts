import { finding, startOf, type Finding } from '../core/finding.ts'

/** The text of an editor's file: UTF-8 without its byte order mark, every line ending a line feed. */
export interface SourceText {
  /** Null: this is not a text that can be read at all. */
  readonly text: string | null
  readonly findings: readonly Finding[]
}

/** One megabyte is some 150,000 words; nothing an editor writes comes near. */
const MAX_BYTES = 1024 * 1024

/**
 * Reads an editor's file. What is not UTF-8, or above 1 MB, has no text (DC815). Characters that
 * nobody can see and that could hide a fence from an editor's eyes (controls, line separators) are
 * findings at their place, and become spaces, so that the rest is still read. Columns stay right.
 */
export function readSourceText(file: string, content: Uint8Array | string): SourceText {
  const size = typeof content === 'string' ? Buffer.byteLength(content) : content.byteLength
  if (size > MAX_BYTES) {
    return refused(
      file,
      `This file has ${size} bytes; the limit is 1 MB.`,
      'split it, or move images out of it',
    )
  }
  const decoded = decode(content)
  if (decoded === null) {
    return refused(file, 'This file is not UTF-8 text.', 'save it as UTF-8 in your editor')
  }
  const lines = decoded.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n')
  const findings: Finding[] = []
  const text = lines.replace(INVISIBLE, (character, offset: number) => {
    findings.push(unseen(file, lines, offset, character))
    return ' '
  })
  return { text, findings: findings.slice(0, MAX_REPORTED) }
}

/** Controls but tab and line feed; the line and paragraph separators that are no line ends to Markdown. */
// eslint-disable-next-line no-control-regex
const INVISIBLE = /[\0-\x08\x0B-\x1F\x7F-\x9F\u2028\u2029]/g

/** A binary file would otherwise yield a finding a byte. */
const MAX_REPORTED = 20

function decode(content: Uint8Array | string): string | null {
  if (typeof content === 'string') return content.isWellFormed() ? content : null
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content)
  } catch {
    return null
  }
}

function refused(file: string, message: string, hint: string): SourceText {
  return { text: null, findings: [finding('DC815', startOf(file), message, { hint })] }
}

function unseen(file: string, text: string, offset: number, character: string): Finding {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1
  const line = text.slice(0, lineStart).split('\n').length
  const column = offset - lineStart + 1
  const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')
  const place = { file, line, column, endLine: line, endColumn: column + 1 }
  return finding('DC815', place, `Here is a character that cannot be seen (U+${code}).`, {
    hint: 'delete it and type the space or the line break anew',
  })
}
