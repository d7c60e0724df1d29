import { addressHash } from '../../subscribers/address.ts'
import type { Upkeep } from '../../subscribers/readers.ts'
import type { Desk } from './desk.ts'

type Limit = Parameters<Upkeep['allow']>[2]

/** Counts one more and says whether it is within the limit. */
export function allow(desk: Desk, kind: string, subject: string, limit: Limit): boolean {
  return countOne(desk, kind, addressHash(desk.tokens, subject), limit)
}

/**
 * The same by a digest that is known. What is refused is not counted: a window ends when it was to end, and the
 * number stays small. A window that a clock set back has left in the future ends one window from now.
 */
export function countOne({ database }: Desk, kind: string, digest: string, limit: Limit): boolean {
  const { most, windowMs } = limit
  if (most < 1) return false
  const { changes } = database
    .prepare(
      `insert into attempt (kind, subject, ends_at, count) values (:kind, :digest, :now + :window, 1)
       on conflict (kind, subject) do update set
         count = case when ends_at <= :now then 1 else count + 1 end,
         ends_at = case when ends_at <= :now then :now + :window else min(ends_at, :now + :window) end
       where ends_at <= :now or count < :most`,
    )
    .run({ kind, digest, now: database.clock.now(), window: windowMs, most })
  return changes === 1
}

/** Begins the count anew. */
export function forgetCount({ database }: Desk, kind: string, digest: string): void {
  database.prepare('delete from attempt where kind = ? and subject = ?').run(kind, digest)
}
