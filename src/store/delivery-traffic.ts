import type { DeliveryStore } from '../delivery/store.ts'
import { claimRows, sift } from './claims.ts'
import { reread } from './delivery-statements.ts'
import type { Database } from './sqlite.ts'

/** Taken and not begun: no attempt is counted. */
const postpone = `
update delivery set state = 'deferred', next_at = ?, reply = ?, updated_at = ?
where id = ? and round_id = ? and state in ('queued', 'deferred')`

/**
 * A row keeps the time of its last change alone, so that one which is tried again counts as begun when
 * that happened, and never as less than it was.
 */
const begunSince = `
select coalesce(d.accepted_at, d.updated_at) / 1000 as second, count(*) as begun,
  sum(d.state in ('on_wire', 'accepted', 'unknown', 'bounced', 'complained')) as taken
from delivery d join round r on r.id = d.round_id
where r.kind = 'real' and d.attempts > 0 and coalesce(d.accepted_at, d.updated_at) >= ?
group by second order by second`

/**
 * What the pace needs of the delivery rows.
 * @param forget told of each that is taken no more
 */
export function openDeliveryTraffic(
  database: Database,
  forget: (round: number, id: number) => void,
): Pick<DeliveryStore, 'postpone' | 'reread' | 'begunSince'> {
  return {
    async postpone(round, ids, nextAt, reply) {
      const at = database.clock.now()
      database.transaction(() => {
        const statement = database.prepare(postpone)
        for (const id of ids) statement.run(nextAt, reply, at, id, round)
      })
      for (const id of ids) forget(round, id)
    },

    async reread(round, ids) {
      const rows = claimRows(database, reread)
      return sift(
        database,
        ids.flatMap((id) => rows(id, round)),
      )
    },

    async begunSince(since) {
      return database
        .prepare(begunSince)
        .all(since)
        .map((row) => ({
          at: Number(row['second']) * 1_000,
          begun: Number(row['begun']),
          taken: Number(row['taken']),
        }))
    },
  }
}
