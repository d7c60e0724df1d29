import { createInterface } from 'node:readline/promises'

/** Asks one line; null where nobody is there to answer, or the signal came first. */
export type Ask = (question: string) => Promise<string | null>

/** Asks on the terminal, on stderr, so that stdout stays the result's. */
export function terminalAsk(signal: AbortSignal): Ask {
  return async (question) => {
    if (process.stdin.isTTY !== true || process.stderr.isTTY !== true) return null
    const lines = createInterface({ input: process.stdin, output: process.stderr })
    try {
      return (await lines.question(`${question} `, { signal })).trim()
    } catch (error) {
      if (signal.aborted) return null
      throw error
    } finally {
      lines.close()
    }
  }
}
