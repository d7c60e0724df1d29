import type { DatabaseSync } from 'node:sqlite'
import { OnrecordError } from '../core/errors.ts'

/** The publication stands elsewhere since; this file is only kept. */
export interface Moved {
  /** Such as `postgres://host:port/database`. */
  readonly to: string
  /** Milliseconds since the epoch. */
  readonly at: number
}

const MARK = 'moved'

/** Nothing is read from the store any more, nor written to it, by whoever has it open either. */
export function markMoved(connection: Pick<DatabaseSync, 'prepare'>, { to, at }: Moved): void {
  connection
    .prepare('insert into mark (name, value, set_at) values (?, ?, ?)')
    .run(MARK, JSON.stringify({ to, at }), at)
}

/** @throws OnrecordError `refused` where the publication was moved away from the store */
export function refuseMoved(connection: Pick<DatabaseSync, 'prepare'>, file: string): void {
  const moved = readMoved(connection)
  if (moved === null) return
  const day = new Date(moved.at).toISOString().slice(0, 10)
  throw new OnrecordError('refused', `The publication was moved from ${file} to ${moved.to} on ${day}.`, {
    hint: 'let DATABASE_URL in .env name that database; if the move was given up, “onrecord migrate --stay” takes the file into use again',
  })
}

/** The mark, or null where there is none. */
export function readMoved(connection: Pick<DatabaseSync, 'prepare'>): Moved | null {
  const value = connection.prepare('select value from mark where name = ?').get(MARK)?.['value']
  // Written by `markMoved`.
  return typeof value === 'string' ? (JSON.parse(value) as Moved) : null
}

/** From now on it is as if it had never been moved. */
export function unmarkMoved(connection: Pick<DatabaseSync, 'prepare'>): void {
  connection.prepare('delete from mark where name = ?').run(MARK)
}
