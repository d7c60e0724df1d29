import { existsSync, statfsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { messageOf } from '../core/errors.ts'
import type { Restored } from '../delivery/store.ts'
import { takenSteps } from './migrate.ts'
import { migrations } from './migrations/index.ts'
import { readMoved, type Moved } from './moved.ts'
import { openAsIs } from './open-as-is.ts'
import { readRestored } from './restored.ts'
import { otherSteps } from './step-hash.ts'
import { schemaStep } from './verify.ts'

/** How a store file is, found out without changing it. */
export interface StoreHealth {
  /** Why it cannot be opened or read; then the rest says nothing. */
  readonly trouble: string | null
  /** Steps of the schema: of the file, and known to this version. */
  readonly step: number
  readonly newest: number
  /** Steps that were taken with another text than this version's, such as `3 (sending)`. */
  readonly others: readonly string[]
  /** The first thing that SQLite's quick check finds, or null. */
  readonly damage: string | null
  /** The mark of a restore that nobody has confirmed. */
  readonly restored: Restored | null
  /** Where the publication went since, so that every command refuses the file. */
  readonly moved: Moved | null
  /** Octets, the write-ahead log included. */
  readonly bytes: number
  /** Octets that the disk has left for us. */
  readonly free: number
  /** When it was last written, milliseconds since the epoch. */
  readonly writtenAt: number
}

/** @returns null where there is no such file */
export function storeHealth(file: string): StoreHealth | null {
  if (!existsSync(file)) return null
  const parts = [file, `${file}-wal`].filter((each) => existsSync(each)).map((each) => statSync(each))
  const disk = statfsSync(dirname(file))
  const outside = {
    newest: migrations.at(-1)?.number ?? 0,
    bytes: parts.reduce((sum, { size }) => sum + size, 0),
    free: disk.bavail * disk.bsize,
    writtenAt: Math.max(...parts.map(({ mtimeMs }) => mtimeMs)),
  }
  try {
    const connection = openAsIs(file)
    try {
      const step = schemaStep(connection)
      const said = String(Object.values(connection.prepare('pragma quick_check(1)').get() ?? {})[0])
      const damage = said === 'ok' ? null : said
      const restored = step < 3 ? null : readRestored(connection)
      const moved = step < 3 ? null : readMoved(connection)
      const others = otherSteps(takenSteps(connection), migrations)
      return { trouble: null, step, others, damage, restored, moved, ...outside }
    } finally {
      connection.close()
    }
  } catch (error) {
    const unread = { step: 0, others: [], damage: null, restored: null, moved: null }
    return { trouble: messageOf(error), ...unread, ...outside }
  }
}
