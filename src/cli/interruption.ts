/** A terminal signals everybody in the foreground, and npx passes it on once more: one Ctrl-C, two signals. */
const SAME_MS = 500

/**
 * What to do on SIGINT and SIGTERM: the first one interrupts, a later one leaves at once. Two within
 * half a second are one.
 */
export function onSignal(interruption: AbortController, leave: () => void): () => void {
  let first: number | null = null
  return () => {
    if (first === null) {
      first = performance.now()
      interruption.abort()
    } else if (performance.now() - first > SAME_MS) leave()
  }
}
