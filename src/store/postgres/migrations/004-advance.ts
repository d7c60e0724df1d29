import { byIndex, eligible, sharePeople, shareRound } from './function-parts.ts'

const steps = `json_to_recordset(p_steps) as g (slice bigint, id bigint, state text, reply text, class text, next_at bigint,
    at bigint, wire boolean, attempt integer, message_id text, first_at bigint, key_id text, address text)`

/** Of these, those that were to go on the wire and did not. */
const unbegun = `(select * from ${steps} where g.state = 'on_wire' and not (g.id = any (v_begun))) as b`

/**
 * Writes what became of messages and puts others (p_begins of them, `on_wire`) on the wire, of slices that are still
 * this worker's; gives back those in `p_done`. No row stands in p_steps twice. The answers to those that were to begin, in
 * their order; null: all have begun.
 *
 * This runs for every few messages. What it costs is beginning its statements more than what they do, so that there are
 * few: one that locks, one that writes.
 */
export const advance = `
create function advance(p_round bigint, p_worker text, p_lease bigint, p_now bigint, p_firsts bigint[],
  p_tokens bigint[], p_steps json, p_begins bigint, p_notes json, p_done bigint[], p_again boolean)
returns json language plpgsql ${byIndex} as $$
declare
  v_state text;
  v_newsletter text;
  v_kind text;
  v_held bigint[];
  v_until bigint;
  v_begun bigint[];
  v_left bigint[] := '{}';
begin
  ${sharePeople};
  ${shareRound};
  -- Whoever takes one of these slices from here on waits for this to end.
  select r.state, r.newsletter, r.kind, h.held, h.until into v_state, v_newsletter, v_kind, v_held, v_until
  from round r cross join (
    select coalesce(array_agg(l.first_id), '{}') as held, min(l.until) as until from (
      select s.first_id, s.until from slice s
      where s.round_id = p_round and s.first_id = any (p_firsts) and s.worker = p_worker
        and s.token = p_tokens[array_position(p_firsts, s.first_id)]
      order by s.first_id for share of s) l) h
  where r.id = p_round;
  if v_until < database_now() + p_lease / 2 then
    update slice set until = database_now() + p_lease where round_id = p_round and first_id = any (v_held);
  end if;

  -- One that goes back to the queue was no attempt. In a round that was cancelled meanwhile nothing waits any more.
  with written as (
    update delivery d set
      state = case when g.state in ('queued', 'deferred') and v_state = 'cancelled' then 'cancelled' else g.state end,
      reply = case when g.state = 'on_wire' then d.reply when d.address is not null then g.reply end,
      class = case when g.state = 'on_wire' then d.class else g.class end,
      next_at = case when v_state <> 'cancelled' then g.next_at end,
      accepted_at = case when not g.wire then d.accepted_at when g.state = 'accepted' then g.at end,
      trouble_at = case when g.state in ('rejected', 'unknown') then g.at end,
      updated_at = case when g.state = 'on_wire' then p_now else g.at end,
      attempts = d.attempts + case
        when not g.wire then g.attempt when g.state = 'queued' and d.attempts > 0 then -1 else 0 end,
      message_id = coalesce(d.message_id, g.message_id),
      first_attempt_at = coalesce(d.first_attempt_at, g.first_at),
      key_id = case when g.state = 'on_wire' then g.key_id else coalesce(g.key_id, d.key_id) end
    from ${steps}
    where d.round_id = p_round and d.id = g.id and g.slice = any (v_held)
      and case
        when g.wire then d.state = 'on_wire'
        -- The last look before the wire: still waiting, and still wanted.
        when g.state = 'on_wire' then v_state = 'sending' and d.state in ('queued', 'deferred')
          and (g.address is null or d.address = g.address)
          and exists (select 1 from subscriber s where s.id = d.subscriber_id and ${eligible})
        -- What the person's former address says is nothing about their new one.
        else d.state in ('queued', 'deferred')
          and (g.state <> 'rejected' or g.address is null or d.address = g.address) end
    returning d.id, g.state)
  select coalesce(array_agg(written.id) filter (where written.state = 'on_wire'), '{}') into v_begun from written;

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

  if cardinality(v_begun) < p_begins and v_state = 'sending' then
    if p_again then
      -- It was carried out before the connection broke: its answer alone was lost.
      select v_begun || coalesce(array_agg(d.id), '{}') into v_begun from ${unbegun}
      join delivery d on d.round_id = p_round and d.id = b.id and d.state = 'on_wire'
      where b.slice = any (v_held);
    end if;
    -- Claimed again, who has moved gets it at the new address.
    select coalesce(array_agg(d.id), '{}') into v_left from ${unbegun}
    join delivery d on d.round_id = p_round and d.id = b.id
    where d.state in ('queued', 'deferred') and d.address <> b.address;
    with suppressed as (
      update delivery d set state = 'suppressed', next_at = null, updated_at = p_now from ${unbegun}
      where d.round_id = p_round and d.id = b.id and b.slice = any (v_held) and not (d.id = any (v_left))
        and d.state in ('queued', 'deferred')
      returning d.id)
    select v_left || coalesce(array_agg(suppressed.id), '{}') into v_left from suppressed;
  end if;

  if cardinality(p_done) > 0 then
    perform free_slices(p_round, p_worker, array_agg(t.first_id), array_agg(t.token))
    from unnest(p_firsts, p_tokens) as t (first_id, token) where t.first_id = any (p_done);
  end if;

  if cardinality(v_begun) = p_begins then return null; end if;
  return (select json_agg(case
      when b.id = any (v_begun) then 'begun'
      when v_state <> 'sending' then 'stopped'
      when b.id = any (v_left) then 'suppressed'
      -- It is another worker's by now, and none of this one's business.
      when not coalesce(b.slice = any (v_held), false) then 'lost'
      -- It has had its end by other hands.
      else 'suppressed' end order by b.place)
    from (
      select (e.step ->> 'id')::bigint as id, (e.step ->> 'slice')::bigint as slice, e.place
      from json_array_elements(p_steps) with ordinality as e (step, place)
      where e.step ->> 'state' = 'on_wire') b);
end $$;
`
