import { OnrecordError } from '../core/errors.ts'
import { writeCell } from './csv-cell.ts'

/**
 * A JSON array of flat objects, such as our own export, as the CSV of the same people: its keys are the columns, and
 * the entry with the number n stands on line n + 1. What is nested is left out.
 * @throws OnrecordError `refused` for any other JSON
 */
export function csvOfJson(text: string): string {
  const entries = entriesOf(text)
  const columns = [...new Set(entries.flatMap((entry) => Object.keys(entry)))]
  if (columns.length === 0) throw refused('has no entries', 'export it again, or take the CSV export')
  const lines = [columns, ...entries.map((entry) => columns.map((column) => cellOf(entry[column])))]
  return lines.map((cells) => `${cells.map((cell) => writeCell(oneLine(cell))).join(',')}\n`).join('')
}

/** Whether a file is JSON, by its first bytes: no CSV of people begins so. */
export function looksLikeJson(head: Uint8Array): boolean {
  return /^(?:\ufeff)?\s*(?:\[\s*[{\]]|\{\s*")/.test(Buffer.from(head.subarray(0, 256)).toString('utf8'))
}

function entriesOf(text: string): readonly Readonly<Record<string, unknown>>[] {
  let parsed: unknown
  try {
    parsed = JSON.parse(text.replace(/^\ufeff/, ''))
  } catch (cause) {
    throw refused('is not whole: it cannot be read as JSON', 'export it again', cause)
  }
  if (!Array.isArray(parsed) || !parsed.every(isEntry))
    throw refused('is JSON, but no list of people', 'a list of objects is read; else take the CSV export')
  return parsed
}

function isEntry(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function cellOf(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value
    case 'number':
    case 'boolean':
      return String(value)
    default:
      return ''
  }
}

/** A line break in a cell would move the numbers of all lines after it; in an address it stays an error. */
function oneLine(cell: string): string {
  return cell.replace(/[\r\n\u0000]/g, '\u0001')
}

function refused(what: string, hint: string, cause?: unknown): OnrecordError {
  return new OnrecordError('refused', `The file ${what}.`, { hint, cause })
}
