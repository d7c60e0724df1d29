let last = Number.NEGATIVE_INFINITY

/** What is under way, on one line of a terminal that the next replaces. */
export function progress(text: string): void {
  if (!process.stderr.isTTY || performance.now() < last + 200) return
  last = performance.now()
  process.stderr.write(`\r${text.slice(0, (process.stderr.columns || 80) - 1)}\u001B[K`)
}

/** Takes that line away. */
export function endProgress(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\u001B[K')
}
