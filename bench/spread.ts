/** The middle value: of an even number, the upper of the two. */
export function median(values: readonly number[]): number {
  return values.toSorted((x, y) => x - y)[Math.floor(values.length / 2)] ?? Number.NaN
}

/** `median (least–most)`. */
export function spread(values: readonly number[], decimals = 0): string {
  const text = (value: number): string =>
    value.toLocaleString('en-GB', { minimumFractionDigits: decimals, maximumFractionDigits: decimals })
  return `${text(median(values))} (${text(Math.min(...values))}–${text(Math.max(...values))})`
}
