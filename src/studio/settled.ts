import { statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

/** How often, and for how long altogether, a file that has just become empty is waited for. */
const LOOK_MS = 8
const MOST_MS = 120

/**
 * Keeps a save that is half done from being shown: programs cut a file to nothing and then write it, or
 * take it away and put another in its place.
 */
export function createSettling(root: string) {
  const full = new Map<string, readonly string[]>()
  const isFull = (file: string): boolean =>
    (statSync(join(root, file), { throwIfNoEntry: false })?.size ?? 0) > 0
  return {
    /** Ends when each file that had something in it has something again, or nothing is coming. */
    async wait(issue: string): Promise<void> {
      for (let waited = 0; waited < MOST_MS; waited += LOOK_MS) {
        if ((full.get(issue) ?? []).every(isFull)) return
        await wait(LOOK_MS)
      }
    },
    /** Remembers which of the issue's files hold something. */
    saw(issue: string, files: readonly string[]): void {
      full.set(issue, files.filter(isFull))
    },
  }
}
