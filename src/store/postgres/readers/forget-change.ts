import type { Desk } from './desk.ts'

/** Takes a wish back, with its letters and its links that nobody has used; those that have expired may say so. */
export async function forgetChange(desk: Desk, person: number): Promise<void> {
  const { connection } = desk
  await connection.run('delete from address_change where subscriber_id = $1', [person])
  await connection.run(
    `delete from letter where subscriber_id = $1 and kind in ('change-from', 'change-to')`,
    [person],
  )
  await connection.run(
    `delete from one_time_token where subscriber_id = $1 and purpose in ('change-from', 'change-to')
       and used_at is null and expires_at > $2`,
    [person, desk.now()],
  )
}
