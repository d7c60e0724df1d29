const natural = new Intl.Collator('en', { numeric: true })

/** The order of issues' ids: numbers in them count as numbers, `x9` before `x10`, `2026-w5` before `2026-w47`. */
export function compareIds(a: string, b: string): number {
  // `x1` and `x01` are two issues.
  return natural.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0)
}
