import type { Desk } from './desk.ts'

/** Each row waits again, and so does its slice, whatever was counted of it when it was given back. */
const queue = `
with back as (
  update delivery d set state = 'queued', next_at = null, updated_at = $2
  from round r join subscription c on c.newsletter = r.newsletter
  where d.subscriber_id = $1 and d.round_id = r.id and d.state = 'suppressed' and d.attempts = 0
    and r.state in ('freezing', 'sending', 'paused') and c.subscriber_id = $1 and c.state = 'confirmed'
  returning d.round_id, d.id)
update slice s set due_at = 0, tally = null from back b
where s.round_id = b.round_id and s.first_id = (
  select max(f.first_id) from slice f where f.round_id = b.round_id and f.first_id <= b.id)`

/**
 * Whom a send that is not over had left out, and who is subscribed again, waits in it again, where no server had
 * heard of their message. The caller has the lock of people, so that no worker settles the slice meanwhile.
 */
export async function queueMissed({ connection, now }: Desk, person: number): Promise<void> {
  await connection.run(queue, [person, now()])
}
