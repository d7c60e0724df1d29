/*
 * The statements of `deliveries.ts` and `claims.ts`, one constant each. Claiming and what goes on the
 * wire are the hot ones: they use the index on (round_id, state, next_at) and touch one row.
 */

/** Whether the person `s` may still be written to for the newsletter. */
const eligible = (newsletter: string): string => `s.erased_at is null
  and exists (select 1 from subscription c
    where c.subscriber_id = s.id and c.newsletter = ${newsletter} and c.state = 'confirmed')
  and not exists (select 1 from suppression x where x.address_hash = s.address_hash)`

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

/** Whoever paused until now is written to again. */
export const endPauses = `
update subscription set state = 'confirmed', paused_until = null
where newsletter = (select newsletter from round where id = ?1) and state = 'paused' and paused_until <= ?2`

/** The last subscriber of the next chunk, or null when everybody has been looked at. */
export const frozenThrough = `
select max(subscriber_id) as through from (
  select c.subscriber_id from round r
  join subscription c on c.newsletter = r.newsletter and c.state = 'confirmed' and c.subscriber_id > r.frozen_through
  where r.id = ? and r.state = 'freezing'
  order by c.subscriber_id limit ?)`

/** One row a person; whoever has one already keeps it. A round after one that was cancelled leaves out whom that had reached. */
export const freezeChunk = `
insert into delivery (round_id, subscriber_id, tier, address, name, format, updated_at)
select r.id, s.id, s.tier, s.address, s.name, s.format, ?1
from round r
join subscription c on c.newsletter = r.newsletter and c.state = 'confirmed'
  and c.subscriber_id > r.frozen_through and c.subscriber_id <= ?3
join subscriber s on s.id = c.subscriber_id
where r.id = ?2 and s.erased_at is null and s.tier = coalesce(json_extract(r.settings, '$.to'), s.tier)
  and not exists (select 1 from suppression x where x.address_hash = s.address_hash)
  and (r.kind = 'rehearsal' or r.number = 1 or not exists (
    select 1 from delivery m join round e on e.id = m.round_id
    where m.subscriber_id = s.id and e.issue = r.issue and e.kind = 'real' and e.number < r.number
      and m.state in ('on_wire', 'accepted', 'unknown', 'bounced', 'complained')))
on conflict (round_id, subscriber_id) do nothing`

/** Whom `freezeChunk` would add to the round of that number, and whom it has not. */
export const roundAudience = `
select sum(s.tier = 'subscriber') as subscriber, sum(s.tier = 'member') as member
from subscription c join subscriber s on s.id = c.subscriber_id
where c.newsletter = ?1 and c.state = 'confirmed' and s.erased_at is null
  and not exists (select 1 from suppression x where x.address_hash = s.address_hash)
  and not exists (
    select 1 from round r join delivery d on d.round_id = r.id
    where r.issue = ?2 and r.kind = ?3 and d.subscriber_id = s.id
      and (r.number = ?4 or r.kind = 'real' and r.number < ?4
        and d.state in ('on_wire', 'accepted', 'unknown', 'bounced', 'complained')))`

export const setFrozenThrough = 'update round set frozen_through = ? where id = ?'

export const seal = `
update round set state = 'sending', reason = null,
  total = (select count(*) from delivery where round_id = round.id)
where id = ? and state = 'freezing'`

export const reopen = `
update round set state = 'freezing', reason = null, frozen_through = 0, total = null,
  settings = json_set(settings, '$.to', ?2)
where id = ?1 and state = 'done'`

export const relabel = 'update round set transport = ? where id = ?'

/** What a server has only deferred counts as gone out: it has seen the message. */
export const hasGoneOut = 'select exists (select 1 from delivery where round_id = ? and attempts > 0) as gone'

export const clearDeliveries = 'delete from delivery where round_id = ?'

export const refreeze = `
update round set state = 'freezing', reason = null, frozen_through = 0, total = null, finished_at = null,
  newsletter = ?, transport = ?, settings = ?, editions = ?, started_at = ?
where id = ? and state <> 'cancelled'`

/**
 * A cancelled round stays cancelled, and none is done while a row waits: another process may have put it
 * back. It finished when its last row changed.
 */
export const setRoundState = `
update round set state = ?1, reason = ?2,
  finished_at = case when ?1 in ('done', 'cancelled')
    then coalesce((select max(updated_at) from delivery where round_id = round.id and state <> 'queued'), ?3)
  end
where id = ?4 and state <> 'cancelled' and (?5 is null or state = ?5)
  and (?1 <> 'done' or not exists (
    select 1 from delivery where round_id = ?4 and state in ('queued', 'claimed', 'on_wire', 'deferred')))`

export const cancelWaiting = `
update delivery set state = 'cancelled', updated_at = ?
where round_id = ? and state in ('queued', 'claimed', 'deferred')`

export const recoverOnWire = `
update delivery set state = 'unknown', reply = 'the sender ended before the server had answered', updated_at = ?
where round_id = ? and state = 'on_wire'`

/** One that had been deferred before it was claimed is due anyway. */
export const releaseClaimed = `
update delivery set state = 'queued', next_at = null, updated_at = ? where round_id = ? and state = 'claimed'`

/** What `claims.ts` reads of a row, in this order. */
const claimColumns = `d.id, d.next_at, d.address, d.name, d.tier, d.format, d.attempts, d.first_attempt_at, s.public_id,
  ${eligible('r.newsletter')}`

const claimable = `
select ${claimColumns}
from delivery d join round r on r.id = d.round_id join subscriber s on s.id = d.subscriber_id`

/** From a due time and id on, until now. */
export const dueDeferred = `${claimable}
where d.round_id = ?1 and d.state = 'deferred' and (d.next_at, d.id) > (?2, ?3) and d.next_at <= ?4
order by d.next_at, d.id limit ?5`

/** From an id on. A queued row is due at no time. */
export const queued = `${claimable}
where d.round_id = ? and d.state = 'queued' and d.next_at is null and d.id > ?
order by d.id limit ?`

export const reread = `${claimable}
where d.id = ? and d.round_id = ? and d.state in ('queued', 'deferred')`

export const suppressWaiting = `
update delivery set state = 'suppressed', next_at = null, updated_at = ?
where id = ? and state in ('queued', 'deferred')`

export const roundForSending = 'select state, newsletter from round where id = ?'

/** The last look before the wire: still waiting, and still wanted. */
export const begin = `
update delivery as d set state = 'on_wire', attempts = attempts + 1, next_at = null,
  message_id = coalesce(message_id, ?1), first_attempt_at = coalesce(first_attempt_at, ?2), key_id = ?3,
  updated_at = ?4
where d.id = ?5 and d.round_id = ?6 and d.state in ('queued', 'deferred')
  and (?8 is null or d.address = ?8)
  and exists (select 1 from subscriber s where s.id = d.subscriber_id and ${eligible('?7')})`

/** It still waits, and goes to another address than the one that it was claimed with. */
export const hasMoved = `
select 1 from delivery where id = ? and state in ('queued', 'deferred') and address <> ?`

/** Whoever was erased meanwhile may be named in what the server says. */
const replyWhileNamed = 'case when address is null then null else ?2 end'

/**
 * One that goes back to the queue was no attempt: the server could not be reached, or refuses us. In a
 * round that was cancelled meanwhile nothing waits any more.
 */
export const settle = `
update delivery set state = case when ?1 in ('queued', 'deferred')
    and (select r.state from round r where r.id = round_id) = 'cancelled' then 'cancelled' else ?1 end,
  reply = ${replyWhileNamed}, class = ?3, next_at = ?4, accepted_at = ?5, updated_at = ?6,
  attempts = attempts - (?1 = 'queued' and attempts > 0)
where id = ?7 and state = 'on_wire'`

/** Refused before it was on the wire. What the person's former address says is nothing about their new one. */
export const settleUnbegun = `
update delivery set state = ?1, reply = ${replyWhileNamed}, class = ?3, next_at = ?4, updated_at = ?5, attempts = attempts + ?6,
  message_id = coalesce(message_id, ?7), first_attempt_at = coalesce(first_attempt_at, ?8),
  key_id = coalesce(?9, key_id)
where id = ?10 and state in ('queued', 'deferred')
  and (?1 <> 'rejected' or ?11 is null or address = ?11)`

/** Once, and never a second time. Its Message-ID and its date stay, so that a copy can be told to be one. */
export const resendUnknown = `
update delivery set state = 'queued', resent_at = ?1, updated_at = ?1
where round_id = ?2 and state = 'unknown' and resent_at is null
  and (select state from round where id = ?2) <> 'cancelled'`

export const countUnknown = `select count(*) as count from delivery where round_id = ? and state = 'unknown'`

/** Only where the address that was refused still is theirs. */
export const suppressRejected = `
insert into suppression (address_hash, reason, note, created_at)
select s.address_hash, 'bounced', ?1, ?2
from delivery d join subscriber s on s.id = d.subscriber_id join round r on r.id = d.round_id
where d.id = ?3 and r.id = ?4 and r.kind = 'real' and d.state = 'rejected' and d.address = s.address
on conflict (address_hash) do nothing`

export const tally = 'select state, count(*) as count from delivery where round_id = ? group by state'

export const nextDue = `
select min(next_at) as due from delivery where round_id = ? and state = 'deferred' and next_at > ?`

export const unknowns = `
select address, message_id, updated_at, reply from delivery where round_id = ? and state = 'unknown' order by id`
