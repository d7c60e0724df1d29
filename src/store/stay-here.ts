import type { Clock } from '../core/clock.ts'
import { readMoved, unmarkMoved } from './moved.ts'
import { openAsIs } from './open-as-is.ts'
import { markRestored } from './restored.ts'

/**
 * Takes the file into use again. What was sent from the other store since is not known in this one, as after a
 * restore: nothing real goes on before a person has said so.
 * @returns where it had been moved to; null: it had not been moved
 */
export function stayHere(file: string, clock: Clock): string | null {
  const connection = openAsIs(file)
  try {
    connection.exec('begin immediate')
    const moved = readMoved(connection)
    if (moved === null) return null
    markRestored(connection, { backupAt: moved.at, restoredAt: clock.now(), confirmed: [] })
    unmarkMoved(connection)
    connection.exec('commit')
    return moved.to
  } finally {
    connection.close()
  }
}
