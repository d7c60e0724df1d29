import { begunSecond, byIndex, eligible, isTaken, sharePeople, shareRound } from './function-parts.ts'

/**
 * Whether a worker has ended: each holds a lock for as long as its connection lives (`presence.ts`), which nobody else
 * can share then. For a while after a restart nobody can be told to be gone: they come back.
 */
const isGone = `
create function is_gone(p_worker text) returns boolean language sql volatile as $$
  select case when pg_postmaster_start_time() > clock_timestamp() - interval '5 seconds' then false
    else pg_try_advisory_xact_lock_shared(7144, hashtext(p_worker)) end $$;
`

/** Gives a slice back, which the caller has locked: what waits in it is read from its rows. */
const freeSlice = `
create function free_slice(p_round bigint, p_first bigint) returns void language plpgsql ${byIndex} as $$
declare
  v_last bigint;
  v_cancelled_at bigint;
  v_tally jsonb;
  v_changed bigint;
  v_begun jsonb;
  v_due bigint;
begin
  select last_id into v_last from slice where round_id = p_round and first_id = p_first;
  select r.finished_at into v_cancelled_at from round r where r.id = p_round and r.state = 'cancelled';
  if found then
    update delivery d set state = 'cancelled', next_at = null, updated_at = v_cancelled_at
    where d.round_id = p_round and d.id between p_first and v_last and d.state in ('queued', 'claimed', 'deferred');
  end if;
  select coalesce(jsonb_object_agg(g.state, g.count), '{}'), max(g.changed_at) into v_tally, v_changed from (
    select d.state, count(*) as count, max(d.updated_at) filter (where d.state <> 'queued') as changed_at
    from delivery d where d.round_id = p_round and d.id between p_first and v_last group by d.state) g;
  select jsonb_object_agg(g.second, jsonb_build_array(g.begun, g.taken)) into v_begun from (
    select ${begunSecond} as second, count(*) as begun, count(*) filter (where ${isTaken}) as taken
    from delivery d where d.round_id = p_round and d.id between p_first and v_last and d.attempts > 0
    group by second) g;
  if v_tally ? 'on_wire' then
    -- Whoever takes it next has to say that their end is not known.
    update slice set due_at = 0, until = 0 where round_id = p_round and first_id = p_first;
    return;
  end if;
  -- Of many that are due one by one, some are waited for, a minute at most.
  v_due := case
    when v_tally ? 'queued' then 0
    when v_tally ? 'deferred' then (
      select case when count(*) <= 20 then min(d.next_at)
        else least(min(d.next_at) + 60000, (array_agg(d.next_at order by d.next_at))[20]) end
      from delivery d
      where d.round_id = p_round and d.id between p_first and v_last and d.state = 'deferred')
  end;
  update slice set due_at = v_due, worker = null, until = null, tally = v_tally, changed_at = v_changed, begun = v_begun
  where round_id = p_round and first_id = p_first;
end $$;

create function free_slices(p_round bigint, p_worker text, p_firsts bigint[], p_tokens bigint[])
returns void language plpgsql as $$
declare
  v_first bigint;
begin
  for v_first in
    select s.first_id from slice s
    where s.round_id = p_round and s.first_id = any (p_firsts) and s.worker = p_worker
      and s.token = p_tokens[array_position(p_firsts, s.first_id)]
    order by s.first_id for update of s
  loop
    perform free_slice(p_round, v_first);
  end loop;
end $$;
`

/** Those that are still this worker's. */
const renewSlices = `
create function renew_slices(p_round bigint, p_worker text, p_lease bigint, p_firsts bigint[], p_tokens bigint[])
returns json language sql as $$
  with kept as (
    update slice s set until = database_now() + p_lease from unnest(p_firsts, p_tokens) as t (first_id, token)
    where s.round_id = p_round and s.worker = p_worker and s.first_id = t.first_id and s.token = t.token
    returning s.first_id)
  select json_agg(kept.first_id) from kept $$;
`

/** What a worker had on the wire that is gone, or was too slow. */
const abandon = `
create function abandon(p_round bigint, p_first bigint, p_last bigint, p_now bigint) returns bigint
language plpgsql ${byIndex} as $$
declare
  v_count bigint;
begin
  update delivery d set state = 'unknown', trouble_at = p_now, updated_at = p_now,
    reply = case when d.address is null then null else 'the sender ended before the server had answered' end
  where d.round_id = p_round and d.id between p_first and p_last and d.state = 'on_wire';
  get diagnostics v_count = row_count;
  return v_count;
end $$;

-- Some at a time; \`count\`: of how many slices, none once nothing is left.
create function recover_slices(p_round bigint, p_worker text, p_now bigint, p_limit integer) returns json
language plpgsql as $$
declare
  v_cancelled boolean;
  v_slice record;
  v_count bigint := 0;
  v_unknown bigint := 0;
  v_released bigint := 0;
begin
  select r.state = 'cancelled' into v_cancelled from round r where r.id = p_round;
  for v_slice in
    select s.first_id, s.last_id from slice s
    where s.round_id = p_round and s.due_at is not null
      and case when s.worker is null then v_cancelled
        else s.worker = p_worker or s.until <= database_now() or is_gone(s.worker) end
    order by s.first_id limit p_limit for update of s skip locked
  loop
    update slice set token = token + 1 where round_id = p_round and first_id = v_slice.first_id;
    v_count := v_count + 1;
    v_unknown := v_unknown + abandon(p_round, v_slice.first_id, v_slice.last_id, p_now);
    perform free_slice(p_round, v_slice.first_id);
    v_released := v_released + coalesce((select (s.tally ->> 'queued')::bigint from slice s
      where s.round_id = p_round and s.first_id = v_slice.first_id), 0);
  end loop;
  return json_build_object('count', v_count, 'unknown', v_unknown, 'released', v_released);
end $$;
`

/** Those of some waiting rows who may be written to, in this order; the others, who have left, become suppressed. */
const sift = `
create function sift(p_round bigint, p_newsletter text, p_ids bigint[], p_now bigint) returns json
language plpgsql ${byIndex} as $$
declare
  v_newsletter text := p_newsletter;
  v_rows json;
begin
  update delivery d set state = 'suppressed', next_at = null, updated_at = p_now
  from unnest(p_ids) as t (id), subscriber s
  where d.round_id = p_round and d.id = t.id and d.state in ('queued', 'deferred') and s.id = d.subscriber_id
    and (d.address is null or not (${eligible}));
  select coalesce(json_agg(json_build_array(d.id, s.public_id, d.address, d.name, d.tier, d.format, d.attempts,
      d.first_attempt_at) order by t.place), '[]') into v_rows
  from unnest(p_ids) with ordinality as t (id, place)
  join delivery d on d.round_id = p_round and d.id = t.id and d.state in ('queued', 'deferred')
  join subscriber s on s.id = d.subscriber_id;
  return v_rows;
end $$;

create function reread(p_round bigint, p_ids bigint[], p_now bigint) returns json language plpgsql as $$
begin
  ${sharePeople};
  return sift(p_round, (select r.newsletter from round r where r.id = p_round), p_ids, p_now);
end $$;
`

/**
 * Takes the slice of which something has been due for longest, that nobody has; or one whose worker let its lease
 * end or is gone, or that is this worker's own though it does not know (its answer was lost).
 * Null: nothing is due, or the round is not \`sending\`, or was frozen anew since \`p_frozen\`.
 */
const claimSlice = `
create function claim_slice(p_round bigint, p_worker text, p_held bigint[], p_lease bigint, p_now bigint,
  p_frozen bigint)
returns json language plpgsql ${byIndex} as $$
declare
  v_newsletter text;
  v_slice slice;
  v_ids bigint[];
begin
  ${sharePeople};
  ${shareRound};
  select r.newsletter into v_newsletter from round r
  where r.id = p_round and r.state = 'sending' and r.started_at = coalesce(p_frozen, r.started_at);
  if not found then return null; end if;
  select s.* into v_slice from slice s
  where s.round_id = p_round and s.due_at <= p_now
    and (s.worker is null or s.until <= database_now()
      or (s.worker = p_worker and not (s.first_id = any (p_held))))
  order by s.due_at, s.first_id limit 1 for update of s skip locked;
  if not found then
    select s.* into v_slice from slice s
    where s.round_id = p_round and s.due_at <= p_now and s.worker <> p_worker and is_gone(s.worker)
    order by s.first_id limit 1 for update of s skip locked;
  end if;
  if not found then return null; end if;
  update slice set worker = p_worker, token = v_slice.token + 1, until = database_now() + p_lease, tally = null
  where round_id = p_round and first_id = v_slice.first_id;
  if v_slice.worker is not null then
    perform abandon(p_round, v_slice.first_id, v_slice.last_id, p_now);
  end if;
  select coalesce(array_agg(w.id), '{}') into v_ids from (
    select d.id from delivery d
    where d.round_id = p_round and d.id between v_slice.first_id and v_slice.last_id
      and (d.state = 'queued' or (d.state = 'deferred' and d.next_at <= p_now))
    order by d.next_at nulls last, d.id) w;
  return json_build_object('first', v_slice.first_id, 'token', v_slice.token + 1,
    'rows', sift(p_round, v_newsletter, v_ids, p_now));
end $$;
`

/** Adds rows, and their slices, for the next people of the audience. Null: everybody has been looked at. */
const freezeChunk = `
create function freeze_chunk(p_round bigint, p_limit integer, p_slice integer, p_now bigint) returns bigint
language plpgsql as $$
declare
  v_round round;
  v_through bigint;
  v_seen bigint;
  v_slice bigint;
  v_added bigint;
begin
  select r.* into v_round from round r where r.id = p_round and r.state = 'freezing' for update;
  if not found then return null; end if;
  -- Whoever paused until now is written to again.
  update subscription c set state = 'confirmed', paused_until = null
  where c.newsletter = v_round.newsletter and c.state = 'paused' and c.paused_until <= p_now;
  select max(w.subscriber_id), count(*) into v_through, v_seen from (
    select c.subscriber_id from subscription c
    where c.newsletter = v_round.newsletter and c.state = 'confirmed' and c.subscriber_id > v_round.frozen_through
    order by c.subscriber_id limit p_limit) w;
  if v_through is null then return null; end if;
  -- Of the last chunk, and of a short list, several workers can have their share too.
  v_slice := least(p_slice, case when v_seen < p_limit then greatest(v_seen / 20, 10) end);
  with added as (
    insert into delivery (round_id, subscriber_id, tier, address, name, format, updated_at)
    select p_round, s.id, s.tier, s.address, s.name, s.format, p_now
    from subscription c join subscriber s on s.id = c.subscriber_id
    where c.newsletter = v_round.newsletter and c.state = 'confirmed'
      and c.subscriber_id > v_round.frozen_through and c.subscriber_id <= v_through and s.erased_at is null
      and s.tier = coalesce(v_round.settings::json ->> 'to', s.tier)
      and not exists (select 1 from suppression x where x.address_hash = s.address_hash)
      -- A round after one that was cancelled leaves out whom that had reached.
      and (v_round.kind = 'rehearsal' or v_round.number = 1 or not exists (
        select 1 from delivery m join round e on e.id = m.round_id
        where m.subscriber_id = s.id and e.issue = v_round.issue and e.kind = 'real' and e.number < v_round.number
          and m.state in ('on_wire', 'accepted', 'unknown', 'bounced', 'complained')))
    order by s.id
    on conflict (subscriber_id, round_id) do nothing
    returning id),
  placed as (select added.id, (row_number() over (order by added.id) - 1) / v_slice as place from added),
  sliced as (
    insert into slice (round_id, first_id, last_id, due_at, tally)
    select p_round, min(placed.id), max(placed.id), 0, jsonb_build_object('queued', count(*))
    from placed group by placed.place)
  select count(*) into v_added from added;
  update round set frozen_through = v_through where id = p_round;
  return v_added;
end $$;
`

/**
 * What workers do with slices, each in one round trip and one commit. Within a function every statement sees
 * what was committed before it began, so that what is locked first is read as it then is.
 */
export const slices = [isGone, freeSlice, renewSlices, abandon, sift, claimSlice, freezeChunk].join('\n')
