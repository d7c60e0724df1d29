/** Rows as aligned columns, two spaces apart; the last column is not padded. */
export function alignRows(rows: readonly (readonly string[])[], widths = columnWidths(rows)): string[] {
  return rows.map((row) =>
    row
      .map((cell, index) =>
        index < row.length - 1 ? cell + ' '.repeat(Math.max(0, (widths[index] ?? 0) - cell.length)) : cell,
      )
      .join('  ')
      .trimEnd(),
  )
}

/** The width of each column: that of its longest cell. */
export function columnWidths(rows: readonly (readonly string[])[]): number[] {
  const widths: number[] = []
  for (const row of rows)
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length)
  return widths
}
