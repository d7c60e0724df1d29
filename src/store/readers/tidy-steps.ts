import { DAY } from './time.ts'

/** How many rows of each kind one call looks at, so that no page waits for it. */
export const TIDY_CHUNK = 1_000

/** What is over at `:at`, which is so many milliseconds ago. */
interface TidyStep {
  readonly sql: string
  readonly after: number
}

/** @param lock what ends the choice of rows, where others may hold some of them */
export function tidySteps(lock = ''): readonly TidyStep[] {
  const some = `limit ${TIDY_CHUNK} ${lock}`
  return [
    {
      // Whose it was, goes at once; for a day an old link says that it has expired, and not that nobody knows it.
      sql: `update one_time_token set subscriber_id = null, address = '', address_hash = '', newsletter = '', detail = '{}'
        where hash in (select hash from one_time_token where expires_at <= :at and address <> '' ${some})`,
      after: 0,
    },
    {
      sql: `delete from one_time_token where hash in
        (select hash from one_time_token where expires_at <= :at ${some})`,
      after: DAY,
    },
    {
      sql: `delete from session where id in (select id from session where expires_at <= :at ${some})`,
      after: 0,
    },
    {
      sql: `delete from address_change where subscriber_id in
        (select subscriber_id from address_change where expires_at <= :at ${some})`,
      after: 0,
    },
    {
      sql: `delete from letter where id in (select id from letter where asked_at <= :at ${some})`,
      after: DAY,
    },
    {
      sql: `delete from attempt where (kind, subject) in
        (select kind, subject from attempt where ends_at <= :at ${some})`,
      after: 0,
    },
    {
      sql: `update subscription set state = 'confirmed', paused_until = null where (subscriber_id, newsletter) in
        (select subscriber_id, newsletter from subscription where state = 'paused' and paused_until <= :at ${some})`,
      after: 0,
    },
    {
      // Their leaving can be undone no more.
      sql: `update subscription set left_from = null, paused_until = null where (subscriber_id, newsletter) in
        (select subscriber_id, newsletter from subscription where left_from is not null and left_at <= :at ${some})`,
      after: DAY,
    },
  ]
}
