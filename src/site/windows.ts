import type { Clock } from '../core/clock.ts'

/** Networks that are counted at a time; beyond, the one whose window began first is forgotten. */
const MOST_SUBJECTS = 10_000

/**
 * Counts in memory alone, for what changes nothing in the store, such as a search: gone when the process ends.
 *
 * @returns counts one more of `subject`, and gives the seconds until its window ends where that is too many; else 0
 */
export function openWindows(
  { most, windowMs }: { readonly most: number; readonly windowMs: number },
  clock: Clock,
): (subject: string) => number {
  // In the order in which their windows began.
  const windows = new Map<string, { count: number; readonly endsAt: number }>()
  return (subject) => {
    const now = clock.now()
    const known = windows.get(subject)
    // A clock that was set back leaves no end farther off than one window.
    if (known === undefined || known.endsAt <= now || known.endsAt > now + windowMs) {
      windows.delete(subject)
      windows.set(subject, { count: 1, endsAt: now + windowMs })
      for (const oldest of windows.keys()) {
        if (windows.size <= MOST_SUBJECTS) break
        windows.delete(oldest)
      }
      return 0
    }
    known.count++
    return known.count <= most ? 0 : Math.ceil((known.endsAt - now) / 1_000)
  }
}
