import { addressHash } from '../../subscribers/address.ts'
import type { Upkeep } from '../../subscribers/readers.ts'
import type { Database } from '../sqlite.ts'
import type { Desk } from './desk.ts'

type Limit = Parameters<Upkeep['allow']>[2]

/** Counts one more and says whether it is within the limit. */
export function allow(desk: Desk, kind: string, subject: string, limit: Limit): boolean {
  return countOne(desk, kind, addressHash(desk.tokens, subject), limit)
}

/**
 * The same by a digest that is known. What is refused is not counted: a window ends when it was to end, or one
 * window from now, should a clock that was set back have left its end far in the future.
 */
export function countOne({ database }: Desk, kind: string, digest: string, limit: Limit): boolean {
  const { most, windowMs } = limit
  return database.transaction(() => {
    const row = database
      .prepare('select ends_at, count from attempt where kind = ? and subject = ?')
      .get(kind, digest)
    const now = database.clock.now()
    const isOver = row === undefined || Number(row['ends_at']) <= now
    const before = isOver ? 0 : Number(row['count'])
    const endsAt = isOver ? now + windowMs : Math.min(Number(row['ends_at']), now + windowMs)
    const isAllowed = before < most
    if (isAllowed || (!isOver && endsAt !== row['ends_at']))
      setCount(database, kind, digest, isAllowed ? before + 1 : before, endsAt)
    return isAllowed
  })
}

/** Begins a window of one now, whatever was counted before. */
export function countAnew({ database }: Desk, kind: string, digest: string, windowMs: number): void {
  setCount(database, kind, digest, 1, database.clock.now() + windowMs)
}

function setCount(database: Database, kind: string, digest: string, count: number, endsAt: number): void {
  database
    .prepare(
      `insert into attempt (kind, subject, count, ends_at) values (?, ?, ?, ?)
       on conflict (kind, subject) do update set count = excluded.count, ends_at = excluded.ends_at`,
    )
    .run(kind, digest, count, endsAt)
}

/** Begins the count anew. */
export function forgetCount({ database }: Desk, kind: string, digest: string): void {
  database.prepare('delete from attempt where kind = ? and subject = ?').run(kind, digest)
}
