import type { SQLOutputValue } from 'node:sqlite'
import type { ClaimedDelivery } from '../delivery/round.ts'
import type { Database } from './sqlite.ts'
import * as sql from './delivery-statements.ts'
import { createIdSet } from './id-set.ts'

/** In the order of `claimColumns` in delivery-statements.ts. */
type Row = readonly SQLOutputValue[]

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
  const taken = createIdSet()
  const due = claimRows(database, sql.dueDeferred)
  const queued = claimRows(database, sql.queued)
  let place = start

  /** The next rows in order, those that are deferred and due first. */
  const page = (limit: number): readonly Row[] => {
    const deferred = due(round, place.dueAt, place.dueId, database.clock.now(), limit)
    const last = deferred.at(-1)
    if (last !== undefined) {
      place = { ...place, dueAt: Number(last[1]), dueId: Number(last[0]) }
      return deferred
    }
    const rows = queued(round, place.queuedId, limit)
    place = { ...place, queuedId: Number(rows.at(-1)?.[0] ?? place.queuedId) }
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
          const claimed = sift(
            database,
            rows.filter(([id]) => !taken.has(Number(id))),
          )
          // A page of people who have all left is not the end.
          if (claimed.length === 0) continue
          for (const { id } of claimed) taken.add(id)
          return claimed
        }
      }
      return []
    },
    forget: taken.delete,
  }
}

/** Those who may be written to; the others, who have left, become suppressed. */
export function sift(database: Database, rows: readonly Row[]): readonly ClaimedDelivery[] {
  const claimed: ClaimedDelivery[] = []
  const left: number[] = []
  for (const row of rows) {
    const delivery = readClaimed(row)
    if (delivery === null) left.push(Number(row[0]))
    else claimed.push(delivery)
  }
  if (left.length > 0) suppress(database, left)
  return claimed
}

function suppress(database: Database, ids: readonly number[]): void {
  const now = database.clock.now()
  const statement = database.prepare(sql.suppressWaiting)
  database.transaction(() => {
    for (const id of ids) statement.run(now, id)
  })
}

/**
 * Runs a statement of `claimColumns`. Its rows are arrays: as objects they would be made in the part of
 * memory that is seldom cleaned, and a long list would take more of it the longer it is.
 */
export function claimRows(
  database: Database,
  statement: string,
): (...values: readonly number[]) => readonly Row[] {
  const prepared = database.prepare(statement)
  prepared.setReturnArrays(true)
  return (...values) => prepared.all(...values) as unknown as readonly Row[]
}

/** Null: the person has left, or was erased. */
function readClaimed(row: Row): ClaimedDelivery | null {
  const [id, , address, name, tier, format, attempts, firstAttemptAt, publicId, eligible] = row
  if (eligible !== 1 || address === null) return null
  return {
    id: Number(id),
    publicId: String(publicId),
    address: String(address),
    tier: tier === 'member' ? 'member' : 'subscriber',
    name: typeof name === 'string' ? name : null,
    format: format === 'text' ? 'text' : 'html',
    attempts: Number(attempts),
    firstAttemptAt: typeof firstAttemptAt === 'number' ? firstAttemptAt : null,
  }
}
