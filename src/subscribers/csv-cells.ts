import { CsvError, parse } from 'csv-parse/sync'
import type { CsvRecord } from './csv-records.ts'

/** The cells of one record, or why they cannot be told apart. */
export type CsvRow =
  | { readonly line: number; readonly lastLine: number; readonly cells: readonly string[] }
  | { readonly line: number; readonly problem: string }

/** What separates the cells of `firstLine`: the comma, semicolon or tab that stands there most often. */
export function detectDelimiter(firstLine: string): string {
  const bare = firstLine.replace(/"(?:[^"]|"")*"/g, '')
  const count = (delimiter: string): number => bare.split(delimiter).length
  return [',', ';', '\t'].reduce((best, each) => (count(each) > count(best) ? each : best))
}

/** Reads the cells of each record, in order; a malformed one never touches its neighbours. */
export function readCells(records: readonly CsvRecord[], delimiter: string): CsvRow[] {
  const texts = records.flatMap((record) => ('text' in record ? [record.text] : []))
  const all = texts.length > 0 ? parseTogether(texts, delimiter) : []
  let next = 0
  return records.map((record): CsvRow => {
    if ('problem' in record) return record
    const cells = all === null ? parseOne(record.text, delimiter) : all[next++]
    if (cells === undefined || typeof cells === 'string')
      return { line: record.line, problem: cells ?? 'The row cannot be read.' }
    return { line: record.line, lastLine: record.lastLine, cells }
  })
}

/** All in one call, which is fast; null when any is malformed. */
function parseTogether(texts: readonly string[], delimiter: string): string[][] | null {
  try {
    const rows = parseCsv(texts.join('\n'), delimiter)
    return rows.length === texts.length ? rows : null
  } catch {
    return null
  }
}

function parseOne(text: string, delimiter: string): string[] | string {
  try {
    const rows = parseCsv(text, delimiter)
    return rows.length === 1 && rows[0] !== undefined ? rows[0] : 'The row cannot be read.'
  } catch (error) {
    return error instanceof CsvError && error.code.includes('QUOTE')
      ? 'A quotation mark stands in the middle of a cell: put the cell in quotes and double the ones inside.'
      : 'The row cannot be read.'
  }
}

function parseCsv(text: string, delimiter: string): string[][] {
  return parse(text, {
    delimiter,
    record_delimiter: '\n',
    relax_column_count: true,
    skip_empty_lines: false,
  })
}
