import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { systemClock } from '../../../core/clock.ts'
import { OnrecordError } from '../../../core/errors.ts'
import { countOf, openAsIs } from '../../open-as-is.ts'
import { markMoved, refuseMoved } from '../../moved.ts'
import { lockSender } from '../../sender-lock.ts'
import { openDatabase } from '../../sqlite.ts'
import { hasWorker } from '../../worker-lock.ts'
import { leftTables, movedTables } from './tables.ts'

/** A SQLite store that nobody changes and nobody sends from, until it is closed. */
export interface Source {
  readonly connection: DatabaseSync
  /** Says in the file that everything stands elsewhere now, so that nobody uses it by mistake. */
  leave(to: string): void
  close(): void
}

/**
 * Brings the store up to date and keeps everybody else from writing to it.
 * @throws OnrecordError `refused` while a send is on, or a worker is there, and when it was moved before
 */
export function openSource(file: string, dataDir: string): Source {
  openDatabase(file).close()
  const lock = lockSender(join(dataDir, 'sender.lock'))
  if (lock === null)
    throw new OnrecordError('refused', 'A send is on: nothing is moved meanwhile.', {
      hint: 'wait for its end, or pause it: “onrecord send <issue> --pause”',
    })
  let connection: DatabaseSync | null = null
  try {
    for (const name of ['worker.lock', 'rehearsal-worker.lock'])
      if (hasWorker(join(dataDir, name)) === true)
        throw new OnrecordError('refused', 'A worker is running: nothing is moved meanwhile.', {
          hint: 'end “onrecord serve”, “onrecord worker” and the studio first',
        })
    connection = openAsIs(file)
    connection.exec('begin immediate')
    refuseMoved(connection, file)
    refuseInFlight(connection)
    refuseForeign(connection)
  } catch (error) {
    connection?.close()
    lock.release()
    throw error
  }
  const held = connection
  return {
    connection: held,
    leave(to) {
      markMoved(held, { to, at: systemClock.now() })
      held.exec('commit')
    },
    close() {
      held.close()
      lock.release()
    },
  }
}

function refuseInFlight(connection: DatabaseSync): void {
  const open = connection
    .prepare("select issue, state from round where state in ('freezing', 'sending') order by id")
    .get()
  if (open !== undefined)
    throw new OnrecordError('refused', `The sending of ${String(open['issue'])} is not over.`, {
      hint: `“onrecord send ${String(open['issue'])}” ends it, “--pause” lets it go on after the move`,
    })
  const left = connection
    .prepare(
      `select r.issue, r.state from round r
       where exists (select 1 from delivery d where d.round_id = r.id and d.state in ('claimed', 'on_wire'))`,
    )
    .get()
  if (left === undefined) return
  const issue = String(left['issue'])
  throw new OnrecordError('refused', `What a sender of ${issue} that died had on the wire is not settled.`, {
    hint:
      left['state'] === 'paused'
        ? `“onrecord send ${issue} --pause” settles it`
        : '“onrecord worker --until-done” settles it',
  })
}

/** A table that this version does not know would be lost without a word. */
function refuseForeign(connection: DatabaseSync): void {
  const moved = new Set(movedTables.map(({ name }) => name))
  for (const row of connection.prepare("select name from sqlite_schema where type = 'table'").all()) {
    const name = String(row['name'])
    if (moved.has(name) || leftTables.test(name)) continue
    if (countOf(connection, `select count(*) from "${name}"`) === 0) continue
    throw new OnrecordError('refused', `The store has a table ${name} that is not ours.`, {
      hint: 'take it out of the store first: it would not be moved',
    })
  }
}
