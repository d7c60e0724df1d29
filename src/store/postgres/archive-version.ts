import { keepNothing, type Kept } from '../archive-kept.ts'
import { maybeNumber, number } from '../subscriber-rows.ts'
import type { Connection } from './pool.ts'

/** The archive at one moment. */
export interface ArchiveVersion {
  readonly version: number
  /** When something was last published; null: nothing is. */
  readonly changedAt: number | null
  /** What was read since. */
  readonly kept: Kept
}

/** For so long what was published may go unseen, in milliseconds. */
const HELD_MS = 50

export const currentVersion =
  'select version, (select max(published_at) from published) as changed_at from site_version'

/**
 * Which version of the archive is shown: asked again after 50 ms, once for all who ask meanwhile, so that no
 * earlier one comes after a later. What is read after a version is never older than it.
 */
export function openVersions(connection: Connection): { current(): Promise<ArchiveVersion> } {
  let seen: ArchiveVersion | null = null
  let at = -Infinity
  let asking: Promise<ArchiveVersion> | null = null
  const ask = async (): Promise<ArchiveVersion> => {
    const asked = performance.now()
    try {
      const row = (await connection.row(currentVersion)) ?? {}
      const version = number(row, 'version')
      if (seen?.version !== version)
        seen = { version, changedAt: maybeNumber(row, 'changed_at'), kept: keepNothing() }
      at = asked
      return seen
    } finally {
      asking = null
    }
  }
  return {
    async current() {
      if (seen !== null && performance.now() - at < HELD_MS) return seen
      asking ??= ask()
      return asking
    },
  }
}
