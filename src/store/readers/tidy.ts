import { cutLog } from '../erase.ts'
import type { Database } from '../sqlite.ts'
import { DAY } from './desk.ts'

/** How many rows of each kind one call looks at, so that no page waits for it. */
const CHUNK = 1_000

const statements = [
  // Whose it was, goes at once; for a day an old link says that it has expired, and not that nobody knows it.
  `update one_time_token set subscriber_id = null, address = '', address_hash = '', newsletter = '', detail = '{}'
     where hash in (select hash from one_time_token where expires_at <= :now and address <> '' limit ${CHUNK})`,
  `delete from one_time_token where hash in
     (select hash from one_time_token where expires_at <= :yesterday limit ${CHUNK})`,
  `delete from session where id in (select id from session where expires_at <= :now limit ${CHUNK})`,
  `delete from address_change where subscriber_id in
     (select subscriber_id from address_change where expires_at <= :now limit ${CHUNK})`,
  `delete from letter where id in (select id from letter where asked_at <= :yesterday limit ${CHUNK})`,
  `delete from attempt where (kind, subject) in (select kind, subject from attempt where ends_at <= :now limit ${CHUNK})`,
  `update subscription set state = 'confirmed', paused_until = null where (subscriber_id, newsletter) in
     (select subscriber_id, newsletter from subscription
      where state = 'paused' and paused_until <= :now limit ${CHUNK})`,
  // Their leaving can be undone no more.
  `update subscription set left_from = null, paused_until = null where (subscriber_id, newsletter) in
     (select subscriber_id, newsletter from subscription
      where left_from is not null and left_at <= :yesterday limit ${CHUNK})`,
]

/** Deletes what has expired and ends pauses that are over; true when there is more of it than one call does. */
export function tidyUp(database: Database): boolean {
  const now = database.clock.now()
  cutLog(database)
  return database.transaction(() => {
    let more = false
    for (const sql of statements) {
      const statement = database.prepare(sql)
      statement.setAllowUnknownNamedParameters(true)
      if (statement.run({ now, yesterday: now - DAY }).changes === CHUNK) more = true
    }
    return more
  })
}
