import type { Desk } from './desk.ts'

/**
 * Whom a send that is not over had left out, and who is subscribed again, waits in it again, where no server had
 * heard of their message. The one sender sees the row in its next walk, or the next one does.
 */
export function queueMissed({ database }: Desk, person: number): void {
  database
    .prepare(
      `update delivery set state = 'queued', next_at = null, updated_at = :now
       where subscriber_id = :person and state = 'suppressed' and attempts = 0 and round_id in (
         select r.id from round r
         join subscription c on c.newsletter = r.newsletter and c.subscriber_id = :person and c.state = 'confirmed'
         where r.state in ('freezing', 'sending', 'paused'))`,
    )
    .run({ person, now: database.clock.now() })
}
