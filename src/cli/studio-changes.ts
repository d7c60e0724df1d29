import type { Scheduled } from '../delivery/schedule.ts'

/** How the files stood when they were last looked at: that takes a build, and watching must not. */
export function createChanges(look: (scheduled: Scheduled) => Promise<string | null>): {
  of(scheduled: Scheduled): Promise<string | null>
  note(scheduled: Scheduled, change: string | null): void
} {
  const known = new Map<number, Promise<string | null>>()
  return {
    of(scheduled) {
      const change = known.get(scheduled.id) ?? look(scheduled)
      known.set(scheduled.id, change)
      change.catch(() => known.delete(scheduled.id))
      return change
    },
    note: (scheduled, change) => void known.set(scheduled.id, Promise.resolve(change)),
  }
}
