/** What a spreadsheet would run as a formula (OWASP, CSV injection), also behind our own marks. */
const dangerous = /^'*[=+\-@\t\r]/
const marked = /^'+[=+\-@\t\r]/

/** One cell as it is written: harmless in a spreadsheet, quoted where RFC 4180 asks for it. */
export function writeCell(value: string): string {
  const safe = dangerous.test(value) ? `'${value}` : value
  return /[",;\t\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** Takes off the mark that `writeCell` put before a dangerous value; the text of any other cell. */
export function restoreCell(cell: string): string {
  return marked.test(cell) ? cell.slice(1) : cell
}
