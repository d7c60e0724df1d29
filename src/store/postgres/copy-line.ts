import { sendable } from './values.ts'

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }

/** One row in the text format of COPY (PostgreSQL’s documentation of COPY, “Text Format”), with its line end. */
export function copyLine(values: readonly unknown[]): string {
  return `${values.map(field).join('\t')}\n`
}

function field(value: unknown): string {
  if (value === null || value === undefined) return '\\N'
  if (typeof value !== 'string') return String(value)
  return String(sendable(value)).replace(/[\\\t\n\r]/g, (found) => escapes[found] ?? found)
}
