import type { SQLOutputValue } from 'node:sqlite'
import type { ClaimedDelivery } from '../delivery/round.ts'
import type { Database } from './sqlite.ts'
import * as sql from './delivery-statements.ts'

type Row = Record<string, SQLOutputValue>

/**
 * Which deliveries of a round the one sender has taken. It is the only one, as long as it holds the
 * sender's lock, so that this is not written: the rows stay queued or deferred until they go on the
 * wire, and die with the process that had them.
 */
export interface Claims {
  /** Up to `limit` that are due and not taken, in the order of their ids; those who left become suppressed. */
  take(limit: number): readonly ClaimedDelivery[]
  /** One has begun, or had its end: should its row wait again, it may be taken again. */
  forget(id: number): void
  /** None is taken any more. */
  clear(): void
}

/** Where the walk through the waiting rows has come to. */
interface Place {
  /** Of the deferred: the due time and id of the last one seen. */
  readonly dueAt: number
  readonly dueId: number
  /** Of the queued: the last id seen. */
  readonly queuedId: number
}

const start: Place = { dueAt: Number.MIN_SAFE_INTEGER, dueId: 0, queuedId: 0 }

export function openClaims(database: Database, round: number): Claims {
  const taken = new Set<number>()
  const due = database.prepare(sql.dueDeferred)
  const queued = database.prepare(sql.queued)
  let place = start

  /** The next rows in order, those that are deferred and due first. */
  const page = (limit: number): Row[] => {
    const deferred = due.all(round, place.dueAt, place.dueId, database.clock.now(), limit)
    const last = deferred.at(-1)
    if (last !== undefined) {
      place = { ...place, dueAt: Number(last['next_at']), dueId: Number(last['id']) }
      return deferred
    }
    const rows = queued.all(round, place.queuedId, limit)
    place = { ...place, queuedId: Number(rows.at(-1)?.['id'] ?? place.queuedId) }
    return rows
  }

  return {
    take(limit) {
      // What was put back, or became due, behind the place is seen in a second walk from the start.
      for (const from of [place, start]) {
        place = from
        for (;;) {
          const rows = page(limit)
          if (rows.length === 0) break
          const claimed: ClaimedDelivery[] = []
          const left: number[] = []
          for (const row of rows) {
            const id = Number(row['id'])
            if (taken.has(id)) continue
            if (row['eligible'] === 1 && row['address'] !== null) claimed.push(readClaimed(row))
            else left.push(id)
          }
          if (left.length > 0) suppress(database, left)
          // A page of people who have all left is not the end.
          if (claimed.length === 0) continue
          for (const { id } of claimed) taken.add(id)
          return claimed
        }
      }
      return []
    },
    forget(id) {
      taken.delete(id)
    },
    clear() {
      taken.clear()
      place = start
    },
  }
}

function suppress(database: Database, ids: readonly number[]): void {
  const now = database.clock.now()
  const statement = database.prepare(sql.suppressWaiting)
  database.transaction(() => {
    for (const id of ids) statement.run(now, id)
  })
}

/** A row of `claimable`. */
export function readClaimed(row: Row): ClaimedDelivery {
  const { name, first_attempt_at: firstAttemptAt } = row
  return {
    id: Number(row['id']),
    publicId: String(row['public_id']),
    address: String(row['address']),
    tier: row['tier'] === 'member' ? 'member' : 'subscriber',
    name: typeof name === 'string' ? name : null,
    attempts: Number(row['attempts']),
    firstAttemptAt: typeof firstAttemptAt === 'number' ? firstAttemptAt : null,
  }
}
