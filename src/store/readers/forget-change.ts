import type { Desk } from './desk.ts'

/** Takes a wish back, with its letters and its links that nobody has used; those that have expired may say so. */
export function forgetChange({ database }: Desk, person: number): void {
  for (const sql of [
    'delete from address_change where subscriber_id = ?',
    `delete from letter where subscriber_id = ? and kind in ('change-from', 'change-to')`,
  ])
    database.prepare(sql).run(person)
  database
    .prepare(
      `delete from one_time_token where subscriber_id = ? and purpose in ('change-from', 'change-to')
         and used_at is null and expires_at > ?`,
    )
    .run(person, database.clock.now())
}
