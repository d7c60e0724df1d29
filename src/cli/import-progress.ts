import type { ImportResult } from '../subscribers/import.ts'
import type { Context } from './context.ts'
import { duration, number } from './round-text.ts'

/** A line so often where stderr is no terminal, in milliseconds. */
const PRINT_MS = 5_000

/** Nothing is foretold from less than this, in milliseconds. */
const FORETELL_MS = 2_000

/** How far an import is, on stderr: “people.csv  42 %  420,000 rows, 31,000 a second, about 19 s to go”. */
export function drawImport(
  context: Context,
  file: string,
  size: number,
  clock: () => number = () => performance.now(),
): { read(bytes: number): void; draw(soFar: ImportResult): void } {
  const started = clock()
  let done = 0
  let printedAt = started
  return {
    read: (bytes) => void (done += bytes),
    draw({ read }) {
      const now = clock()
      if (!context.terminal && now - printedAt < PRINT_MS) return
      printedAt = now
      const text = `${file}  ${progress(read, done, size, now - started)}`
      if (context.terminal) context.drawProgress(`Reading ${text}`)
      else context.note(text)
    },
  }
}

function progress(rows: number, done: number, size: number, spent: number): string {
  const part = size === 0 ? 1 : Math.min(1, done / size)
  const far = `${Math.floor(part * 100)} %  ${number(rows)} rows`
  if (spent < FORETELL_MS || part === 0) return far
  const left = (spent / part) * (1 - part)
  return `${far}, ${number(Math.round(rows / (spent / 1_000)))} a second, about ${duration(left)} to go`
}
