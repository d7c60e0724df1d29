import { byIndex, eligible, sharePeople, shareRound } from './function-parts.ts'

const settles = `json_to_recordset(p_settles) as g (slice bigint, id bigint, state text, reply text, class text,
    next_at bigint, at bigint, wire boolean, attempt integer, message_id text, first_at bigint, key_id text, address text)`

const begins =
  'json_to_recordset(p_begins) as b (slice bigint, id bigint, message_id text, at bigint, key_id text, address text)'

/**
 * Writes what became of messages and puts others on the wire, of slices that are still this worker's; gives back
 * those in \`p_done\`. The answers to \`p_begins\`, in their order.
 */
export const advance = `
create function advance(p_round bigint, p_worker text, p_lease bigint, p_now bigint, p_firsts bigint[],
  p_tokens bigint[], p_settles json, p_begins json, p_notes json, p_done bigint[], p_again boolean)
returns json language plpgsql ${byIndex} as $$
declare
  v_state text;
  v_newsletter text;
  v_kind text;
  v_held bigint[];
  v_until bigint;
  v_begun bigint[] := '{}';
  v_left bigint[] := '{}';
begin
  ${sharePeople};
  ${shareRound};
  select r.state, r.newsletter, r.kind into v_state, v_newsletter, v_kind from round r where r.id = p_round;
  -- Whoever takes one of them from here on waits for this to end.
  select coalesce(array_agg(h.first_id), '{}'), min(h.until) into v_held, v_until from (
    select s.first_id, s.until from slice s
    where s.round_id = p_round and s.first_id = any (p_firsts) and s.worker = p_worker
      and s.token = p_tokens[array_position(p_firsts, s.first_id)]
    order by s.first_id for share of s) h;
  if v_until < database_now() + p_lease / 2 then
    update slice set until = database_now() + p_lease where round_id = p_round and first_id = any (v_held);
  end if;

  -- One that goes back to the queue was no attempt. In a round that was cancelled meanwhile nothing waits any more.
  update delivery d set
    state = case when g.state in ('queued', 'deferred') and v_state = 'cancelled' then 'cancelled' else g.state end,
    reply = case when d.address is null then null else g.reply end,
    class = g.class,
    next_at = case when v_state = 'cancelled' then null else g.next_at end,
    accepted_at = case when not g.wire then d.accepted_at when g.state = 'accepted' then g.at end,
    trouble_at = case when g.state in ('rejected', 'unknown') then g.at end,
    updated_at = g.at,
    attempts = d.attempts + case
      when not g.wire then g.attempt when g.state = 'queued' and d.attempts > 0 then -1 else 0 end,
    message_id = coalesce(d.message_id, g.message_id),
    first_attempt_at = coalesce(d.first_attempt_at, g.first_at),
    key_id = coalesce(g.key_id, d.key_id)
  from ${settles}
  where d.round_id = p_round and d.id = g.id and g.slice = any (v_held)
    and case when g.wire then d.state = 'on_wire'
      -- What the person's former address says is nothing about their new one.
      else d.state in ('queued', 'deferred')
        and (g.state <> 'rejected' or g.address is null or d.address = g.address) end;

  if p_notes is not null and v_kind = 'real' then
    insert into suppression (address_hash, reason, note, created_at)
    select s.address_hash, 'bounced', n.note, n.at
    from json_to_recordset(p_notes) as n (id bigint, note text, at bigint)
    join delivery d on d.round_id = p_round and d.id = n.id
    join subscriber s on s.id = d.subscriber_id
    where d.state = 'rejected' and d.address = s.address
    order by s.address_hash
    on conflict (address_hash) do nothing;
  end if;

  if json_array_length(p_begins) > 0 and v_state = 'sending' then
    -- The last look before the wire: still waiting, and still wanted.
    with begun as (
      update delivery d set state = 'on_wire', attempts = d.attempts + 1, next_at = null,
        message_id = coalesce(d.message_id, b.message_id),
        first_attempt_at = coalesce(d.first_attempt_at, b.at), key_id = b.key_id, updated_at = p_now
      from ${begins}, subscriber s
      where d.round_id = p_round and d.id = b.id and b.slice = any (v_held) and d.state in ('queued', 'deferred')
        and (b.address is null or d.address = b.address) and s.id = d.subscriber_id and ${eligible}
      returning d.id)
    select coalesce(array_agg(begun.id), '{}') into v_begun from begun;
    if cardinality(v_begun) < json_array_length(p_begins) then
      if p_again then
        -- It was carried out before the connection broke: its answer alone was lost.
        select v_begun || coalesce(array_agg(d.id), '{}') into v_begun from ${begins}
        join delivery d on d.round_id = p_round and d.id = b.id and d.state = 'on_wire'
        where b.slice = any (v_held) and not (d.id = any (v_begun));
      end if;
      -- Claimed again, who has moved gets it at the new address.
      select coalesce(array_agg(d.id), '{}') into v_left from ${begins}
      join delivery d on d.round_id = p_round and d.id = b.id
      where d.state in ('queued', 'deferred') and d.address <> b.address;
      with suppressed as (
        update delivery d set state = 'suppressed', next_at = null, updated_at = p_now from ${begins}
        where d.round_id = p_round and d.id = b.id and b.slice = any (v_held) and not (d.id = any (v_left))
          and d.state in ('queued', 'deferred')
        returning d.id)
      select v_left || coalesce(array_agg(suppressed.id), '{}') into v_left from suppressed;
    end if;
  end if;

  if cardinality(p_done) > 0 then
    perform free_slices(p_round, p_worker, array_agg(t.first_id), array_agg(t.token))
    from unnest(p_firsts, p_tokens) as t (first_id, token) where t.first_id = any (p_done);
  end if;

  return (select coalesce(json_agg(case
      when (e.begin ->> 'id')::bigint = any (v_begun) then 'begun'
      when v_state <> 'sending' then 'stopped'
      when (e.begin ->> 'id')::bigint = any (v_left) then 'suppressed'
      -- It is another worker's by now, and none of this one's business.
      when not coalesce((e.begin ->> 'slice')::bigint = any (v_held), false) then 'lost'
      -- It has had its end by other hands.
      else 'suppressed' end order by e.place), '[]')
    from json_array_elements(p_begins) with ordinality as e (begin, place));
end $$;
`
