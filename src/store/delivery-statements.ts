/*
 * The statements of `deliveries.ts`, one constant each. Claiming and what goes on the wire are
 * the hot ones: they use the index on (round_id, state, next_at) and touch one row.
 */

/** Whether the person of delivery `d` may still be written to. */
const eligible = `exists (
  select 1 from subscriber s
  join subscription c on c.subscriber_id = s.id
  join round r on r.id = d.round_id and c.newsletter = r.newsletter
  where s.id = d.subscriber_id and c.state = 'confirmed' and s.erased_at is null
    and not exists (select 1 from suppression x where x.address_hash = s.address_hash))`

/** RFC 2606 and RFC 6761: nobody can be reached under these names. */
const reservedDomain = (column: string): string =>
  [
    '%.test',
    '%.example',
    '%.invalid',
    '%.localhost',
    '%@localhost',
    ...['com', 'net', 'org'].flatMap((top) => [`%@example.${top}`, `%.example.${top}`]),
  ]
    .map((pattern) => `${column} like '${pattern}'`)
    .join(' or ')

export const audience = `
select
  sum(s.tier = 'subscriber') as subscriber,
  sum(s.tier = 'member') as member,
  sum(${reservedDomain('s.address')}) as reserved
from subscription c join subscriber s on s.id = c.subscriber_id
where c.newsletter = ? and c.state = 'confirmed' and s.erased_at is null
  and not exists (select 1 from suppression x where x.address_hash = s.address_hash)`

export const openRound = `
insert into round (issue, newsletter, kind, number, state, transport, settings, editions, started_at)
values (?, ?, ?, ?, 'freezing', ?, ?, ?, ?)
on conflict (issue, kind, number) do nothing`

export const roundByNumber = 'select * from round where issue = ? and kind = ? and number = ?'

export const roundById = 'select * from round where id = ?'

export const latestRound = 'select * from round where issue = ? and kind = ? order by number desc limit 1'

export const allRounds = 'select * from round order by started_at desc, id desc'

export const roundsOfIssue = 'select * from round where issue = ? order by started_at desc, id desc'

/** The last subscriber of the next chunk, or null when everybody has been looked at. */
export const frozenThrough = `
select max(subscriber_id) as through from (
  select c.subscriber_id from round r
  join subscription c on c.newsletter = r.newsletter and c.state = 'confirmed' and c.subscriber_id > r.frozen_through
  where r.id = ? and r.state = 'freezing'
  order by c.subscriber_id limit ?)`

/** One row a person; whoever has one already keeps it. */
export const freezeChunk = `
insert into delivery (round_id, subscriber_id, tier, address, updated_at)
select r.id, s.id, s.tier, s.address, ?1
from round r
join subscription c on c.newsletter = r.newsletter and c.state = 'confirmed'
  and c.subscriber_id > r.frozen_through and c.subscriber_id <= ?3
join subscriber s on s.id = c.subscriber_id
where r.id = ?2 and s.erased_at is null
  and not exists (select 1 from suppression x where x.address_hash = s.address_hash)
on conflict (round_id, subscriber_id) do nothing`

export const setFrozenThrough = 'update round set frozen_through = ? where id = ?'

export const seal = `
update round set state = 'sending', reason = null,
  total = (select count(*) from delivery where round_id = round.id)
where id = ? and state = 'freezing'`

export const reopen = `
update round set state = 'freezing', reason = null, frozen_through = 0, total = null
where id = ? and state = 'done'`

export const relabel = 'update round set transport = ? where id = ?'

/** What a server has only deferred counts as gone out: it has seen the message. */
export const hasGoneOut = 'select exists (select 1 from delivery where round_id = ? and attempts > 0) as gone'

export const clearDeliveries = 'delete from delivery where round_id = ?'

export const refreeze = `
update round set state = 'freezing', reason = null, frozen_through = 0, total = null, finished_at = null,
  newsletter = ?, transport = ?, settings = ?, editions = ?, started_at = ?
where id = ? and state <> 'cancelled'`

/** A cancelled round stays cancelled. It finished when its last row changed. */
export const setRoundState = `
update round set state = ?1, reason = ?2,
  finished_at = case when ?1 in ('done', 'cancelled')
    then coalesce((select max(updated_at) from delivery where round_id = round.id and state <> 'queued'), ?3)
  end
where id = ?4 and state <> 'cancelled'`

export const cancelWaiting = `
update delivery set state = 'cancelled', updated_at = ?
where round_id = ? and state in ('queued', 'claimed', 'deferred')`

export const recoverOnWire = `
update delivery set state = 'unknown', reply = 'the sender ended before the server had answered', updated_at = ?
where round_id = ? and state = 'on_wire'`

/** One that had been deferred before it was claimed is due anyway. */
export const releaseClaimed = `
update delivery set state = 'queued', next_at = null, updated_at = ? where round_id = ? and state = 'claimed'`

export const claimable = `
select d.id, d.address, d.tier, d.attempts, d.first_attempt_at, s.public_id, ${eligible} as eligible
from (
  select id from delivery where round_id = ?1 and state = 'deferred' and next_at <= ?2
  union all
  select id from delivery where round_id = ?1 and state = 'queued'
  limit ?3) due
join delivery d on d.id = due.id
join subscriber s on s.id = d.subscriber_id`

export const claim = `
update delivery set state = 'claimed', updated_at = ? where id = ? and state in ('queued', 'deferred')`

export const suppressWaiting = `
update delivery set state = 'suppressed', next_at = null, updated_at = ? where id = ? and state in ('queued', 'deferred')`

/** The last look before the wire: still ours, still wanted, and the round still goes on. */
export const begin = `
update delivery as d set state = 'on_wire', attempts = attempts + 1, next_at = null,
  message_id = coalesce(message_id, ?), first_attempt_at = coalesce(first_attempt_at, ?), updated_at = ?
where d.id = ? and d.state = 'claimed'
  and (select state from round where id = ?) = 'sending' and ${eligible}`

export const suppressBeforeWire = `
update delivery set state = 'suppressed', updated_at = ? where id = ? and state = 'claimed'
  and (select state from round where id = ?) = 'sending'`

/** One that goes back to the queue was no attempt: the server could not be reached, or refuses us. */
export const settle = `
update delivery set state = ?1, reply = ?2, class = ?3, next_at = ?4, accepted_at = ?5, updated_at = ?6,
  attempts = attempts - (?1 = 'queued' and attempts > 0)
where id = ?7 and state in ('on_wire', 'claimed')`

export const suppressRejected = `
insert into suppression (address_hash, reason, note, created_at)
select s.address_hash, 'bounced', ?1, ?2
from delivery d join subscriber s on s.id = d.subscriber_id join round r on r.id = d.round_id
where d.id = ?3 and r.id = ?4 and r.kind = 'real' and s.address_hash is not null
on conflict (address_hash) do nothing`

export const tally = 'select state, count(*) as count from delivery where round_id = ? group by state'

export const nextDue = `
select min(next_at) as due from delivery where round_id = ? and state = 'deferred'`

export const unknowns = `
select address, message_id, updated_at, reply from delivery where round_id = ? and state = 'unknown' order by id`
