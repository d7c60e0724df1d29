import type { Upkeep } from '../../../subscribers/readers.ts'
import type { Desk } from './desk.ts'

type Limit = Parameters<Upkeep['allow']>[2]

/**
 * Counts one more, should it be within the limit: one statement, so that however many ask at the same time, no more
 * than that are let through.
 */
const countOneMore = `
insert into attempt as a (kind, subject, count, ends_at)
select $1, $2, 1, $3::bigint + $4::bigint where $5::double precision > 0
on conflict (kind, subject) do update set
  count = case when a.ends_at <= $3 then 1 else a.count + 1 end,
  ends_at = case when a.ends_at <= $3 then excluded.ends_at else least(a.ends_at, excluded.ends_at) end
where a.ends_at <= $3 or a.count < $5`

/** A clock that was set back may have left the end of a window far in the future. */
const endSooner = 'update attempt set ends_at = $3 where kind = $1 and subject = $2 and ends_at > $3'

/** As `countOne` of src/store/readers/limits.ts. */
export async function countOne(desk: Desk, kind: string, digest: string, limit: Limit): Promise<boolean> {
  const { most, windowMs } = limit
  const now = desk.now()
  const counted = await desk.connection.run(countOneMore, [kind, digest, now, windowMs, most])
  if (counted === 1) return true
  await desk.connection.run(endSooner, [kind, digest, now + windowMs])
  return false
}

/** Begins a window of one now, whatever was counted before. */
export async function countAnew(desk: Desk, kind: string, digest: string, windowMs: number): Promise<void> {
  await desk.connection.run(
    `insert into attempt (kind, subject, count, ends_at) values ($1, $2, 1, $3)
     on conflict (kind, subject) do update set count = 1, ends_at = excluded.ends_at`,
    [kind, digest, desk.now() + windowMs],
  )
}

/** Begins the count anew. */
export async function forgetCount({ connection }: Desk, kind: string, digest: string): Promise<void> {
  await connection.run('delete from attempt where kind = $1 and subject = $2', [kind, digest])
}
