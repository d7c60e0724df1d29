import { DAY } from './time.ts'

/** How many rows of each kind one call looks at, so that no page waits for it. */
export const TIDY_CHUNK = 1_000

/** What becomes of the rows of a table that are over. */
interface TidyStep {
  readonly table: string
  readonly key: string
  /** Up to its “where”. */
  readonly change: string
  /** Which rows, at `:at`. */
  readonly over: string
  /** `:at` is so many milliseconds ago. */
  readonly after: number
}

export const tidySteps: readonly TidyStep[] = [
  {
    ...{ table: 'one_time_token', key: 'hash', over: `expires_at <= :at and address <> ''`, after: 0 },
    // Whose it was, goes at once; for a day an old link says that it has expired, and not that nobody knows it.
    change: `update one_time_token
      set subscriber_id = null, address = '', address_hash = '', newsletter = '', detail = '{}'`,
  },
  {
    ...{ table: 'one_time_token', key: 'hash', over: 'expires_at <= :at', after: DAY },
    change: 'delete from one_time_token',
  },
  { table: 'session', key: 'id', over: 'expires_at <= :at', after: 0, change: 'delete from session' },
  {
    ...{ table: 'address_change', key: 'subscriber_id', over: 'expires_at <= :at', after: 0 },
    change: 'delete from address_change',
  },
  { table: 'letter', key: 'id', over: 'asked_at <= :at', after: DAY, change: 'delete from letter' },
  { table: 'attempt', key: 'kind, subject', over: 'ends_at <= :at', after: 0, change: 'delete from attempt' },
  {
    ...{ table: 'subscription', key: 'subscriber_id, newsletter', after: 0 },
    over: `state = 'paused' and paused_until <= :at`,
    change: `update subscription set state = 'confirmed', paused_until = null`,
  },
  {
    ...{ table: 'subscription', key: 'subscriber_id, newsletter', after: DAY },
    over: 'left_from is not null and left_at <= :at',
    // Their leaving can be undone no more.
    change: 'update subscription set left_from = null, paused_until = null',
  },
]
