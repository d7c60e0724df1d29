/** Joins are kept to indexes, whatever the planner believes of a table that has just grown. */
export const byIndex =
  'set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set plan_cache_mode = force_generic_plan'

/** Whether the person `s` may still be written to for the newsletter. */
export const eligible = `s.erased_at is null
    and exists (select 1 from subscription c
      where c.subscriber_id = s.id and c.newsletter = v_newsletter and c.state = 'confirmed')
    and not exists (select 1 from suppression x where x.address_hash = s.address_hash)`

/**
 * In which second a delivery `d` was begun. A row keeps the time of its last change alone, so that one which is tried
 * again counts as begun when that happened, and never as less than it was.
 */
export const begunSecond = 'coalesce(d.accepted_at, d.updated_at) / 1000'

/** Whether a server took it, or perhaps did. */
export const isTaken = "d.state in ('on_wire', 'accepted', 'unknown', 'bounced', 'complained')"

/** Nobody is written to whose leaving was committed before: it waits for who holds this shared, and they for it. */
export const sharePeople = 'perform pg_advisory_xact_lock_shared(7140, 2)'

/** The same of what becomes of a round. */
export const shareRound = 'perform pg_advisory_xact_lock_shared(7141, p_round::integer)'
