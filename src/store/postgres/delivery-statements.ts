/* The statements of `deliveries.ts`, one constant each; what workers do all the time is in functions (migrations). */

import { begunSecond, isTaken } from './migrations/function-parts.ts'

/** RFC 2606 and RFC 6761: nobody can be reached under these names. */
const reservedDomain = (column: string): string =>
  [
    ...['%.test', '%.example', '%.invalid', '%.localhost', '%@localhost'],
    ...['com', 'net', 'org'].flatMap((top) => [`%@example.${top}`, `%.example.${top}`]),
  ]
    .map((pattern) => `lower(${column}) like '${pattern}'`)
    .join(' or ')

/** Of people with ids above one and up to another: a list of a million is read in parts. */
export const audience = `
select count(*) filter (where s.tier = 'subscriber') as subscriber,
  count(*) filter (where s.tier = 'member') as member,
  count(*) filter (where ${reservedDomain('s.address')}) as reserved
from subscription c join subscriber s on s.id = c.subscriber_id
where c.newsletter = $1 and c.state = 'confirmed' and s.erased_at is null
  and c.subscriber_id > $2 and c.subscriber_id <= $3 and s.id > $2 and s.id <= $3
  and not exists (select 1 from suppression x where x.address_hash = s.address_hash)`

export const openRound = `
insert into round (issue, newsletter, kind, number, state, transport, settings, editions, started_at)
values ($1, $2, $3, $4, 'freezing', $5, $6, $7, $8)
on conflict (issue, kind, number) do nothing`

export const roundByNumber = 'select * from round where issue = $1 and kind = $2 and number = $3'

export const roundById = 'select * from round where id = $1'

export const latestRound = 'select * from round where issue = $1 and kind = $2 order by number desc limit 1'

export const rounds = `
select * from round where $1::text is null or issue = $1 order by started_at desc, id desc`

export const freezeChunk = 'select freeze_chunk($1, $2, $3, $4) as added'

/**
 * How many rows are in each state: as they were counted where nobody has them, and read where somebody does. In a round
 * that was cancelled nothing waits, though its rows are written one slice after another.
 */
export const tally = `
select case when r.state = 'cancelled' and g.state in ('queued', 'claimed', 'deferred') then 'cancelled' else g.state end
    as state, sum(g.count)::bigint as count
from round r cross join lateral (
  select t.key as state, t.value::bigint as count
  from slice s cross join jsonb_each_text(s.tally) as t where s.round_id = $1 and s.tally is not null
  union all
  select d.state, d.count from slice s cross join lateral (
    select w.state, count(*) as count from delivery w
    where w.round_id = s.round_id and w.id between s.first_id and s.last_id group by w.state offset 0) d
  where s.round_id = $1 and s.tally is null) g
where r.id = $1
group by 1`

export const seal = `
update round set state = 'sending', reason = null, total = (
  select coalesce(sum(t.count), 0) from (${tally}) t)
where id = $1 and state = 'freezing'`

export const reopen = `
update round set state = 'freezing', reason = null, frozen_through = 0, total = null,
  settings = jsonb_set(settings::jsonb, '{to}', coalesce(to_jsonb($2::text), 'null'))::text
where id = $1 and state = 'done'`

export const relabel = 'update round set transport = $1 where id = $2'

/** What a server has only deferred counts: it has seen the message. Nobody tried what no worker ever took. */
export const hasGoneOut = `
select exists (
  select 1 from slice s
  where s.round_id = $1 and s.token > 0 and exists (
    -- “offset” keeps it what it is: a look into each slice, by the key.
    select 1 from delivery d
    where d.round_id = s.round_id and d.id between s.first_id and s.last_id and d.attempts > 0 offset 0))::int as gone`

/** Slices stay where the rows of a round were taken out, a partition at a time. */
export const isTakenOut = `
select (exists (select 1 from slice s where s.round_id = $1) and not exists (
  select 1 from slice s
  where s.round_id = $1 and exists (
    select 1 from delivery d
    where d.round_id = s.round_id and d.id between s.first_id and s.last_id offset 0)))::int as gone`

/** Nothing begins until this transaction has ended: what a worker is about to write is waited for. */
export const stopRound = 'select pg_advisory_xact_lock(7141, $1::integer)'

/** Nobody who leaves in this transaction is begun after it. */
export const stopPeople = 'select pg_advisory_xact_lock(7140, 2)'

/** An import has read whom it may write to, and writes; imports do not wait for each other. Taken before all others. */
export const shareImports = 'select pg_advisory_xact_lock_shared(7140, 4)'

/** No import is between reading and writing. Taken before all others. */
export const stopImports = 'select pg_advisory_xact_lock(7140, 4)'

export const clearDeliveries = [
  'delete from delivery where round_id = $1',
  'delete from slice where round_id = $1',
] as const

export const refreeze = `
update round set state = 'freezing', reason = null, frozen_through = 0, total = null, finished_at = null,
  newsletter = $1, transport = $2, settings = $3, editions = $4, started_at = $5
where id = $6 and state <> 'cancelled'`

/**
 * A cancelled round stays cancelled, and none is done while a row waits: another process may have put it
 * back. It finished when its last row changed: now, where the cancelling changes some.
 */
export const setRoundState = `
update round set state = $1, reason = $2,
  finished_at = case
    when $1 = 'cancelled' and exists (select 1 from slice s where s.round_id = $4 and s.due_at is not null) then $3
    when $1 in ('done', 'cancelled') then coalesce((
      select max(c.at) from (
        select s.changed_at as at from slice s where s.round_id = $4 and s.tally is not null
        union all
        select d.at from slice s cross join lateral (
          select max(w.updated_at) as at from delivery w
          where w.round_id = s.round_id and w.id between s.first_id and s.last_id and w.state <> 'queued' offset 0) d
        where s.round_id = $4 and s.tally is null) c), $3) end
where id = $4 and state <> 'cancelled' and ($5::text is null or state = $5)
  and ($1 <> 'done' or not exists (
    select 1 from slice s where s.round_id = $4 and (s.due_at is not null or s.worker is not null)))`

/** A slice that somebody has is done when it is given back, or recovered. */
export const cancelSlices = `
select count(*) as count from (
  select free_slice(s.round_id, s.first_id) from (
    select w.round_id, w.first_id from slice w
    where w.round_id = $1 and w.due_at is not null and w.worker is null
    order by w.first_id limit $2 for update skip locked) s offset 0) f`

/** Once, and never a second time. Its Message-ID and its date stay, so that a copy can be told to be one. */
export const resendUnknown = `
update delivery set state = 'queued', trouble_at = null, resent_at = $1, updated_at = $1
where round_id = $2 and trouble_at is not null and state = 'unknown' and resent_at is null
  and (select r.state from round r where r.id = $2) <> 'cancelled'
returning id`

/** Rows wait again. */
export const wakeSlices = `
update slice s set due_at = 0, tally = null
where s.round_id = $1 and exists (select 1 from unnest($2::bigint[]) as t (id) where t.id between s.first_id and s.last_id)`

export const countUnknown = `
select count(*) as count from delivery where round_id = $1 and trouble_at is not null and state = 'unknown'`

export const nextDue = 'select min(next_at) as due from delivery where round_id = $1 and next_at > $2'

export const unknowns = `
select address, message_id, updated_at, reply from delivery
where round_id = $1 and trouble_at is not null and state = 'unknown' order by id`

/** By second; from the rows where somebody has them, or has changed them otherwise. */
export const begunSince = `
select g.second, sum(g.begun)::bigint as begun, sum(g.taken)::bigint as taken
from round r join slice s on s.round_id = r.id and s.token > 0 cross join lateral (
  select b.key::bigint as second, (b.value ->> 0)::bigint as begun, (b.value ->> 1)::bigint as taken
  from jsonb_each(s.begun) as b where s.tally is not null
  union all
  select d.second, d.begun, d.taken from (
    select ${begunSecond} as second, count(*) as begun, count(*) filter (where ${isTaken}) as taken
    from delivery d
    where s.tally is null and d.round_id = s.round_id and d.id between s.first_id and s.last_id and d.attempts > 0
    group by second offset 0) d) g
where r.kind = 'real' and coalesce(r.finished_at, $1) >= $1 and g.second >= $1 / 1000
group by g.second order by g.second`
