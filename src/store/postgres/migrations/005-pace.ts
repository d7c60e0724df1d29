/**
 * One pace for all workers, counted in messages, by the database's clock. A row a server or a recipient domain; what
 * was begun in the last hour is kept by the minute.
 */
export const pace = `
create table pace (
  name text collate "C" primary key,
  -- Below zero: taken ahead of time, by workers who wait for it.
  tokens double precision not null,
  at bigint not null
) with (fillfactor = 50);

create table pace_minute (
  name text collate "C" not null,
  minute bigint not null,
  begun bigint not null,
  primary key (name, minute)
) with (fillfactor = 50);

-- Takes up to p_count messages of a pace of p_rate a second (null: any), and of p_hour in 60 minutes (null: any).
-- What it grants may begin after p_wait milliseconds. Less than nothing gives back.
create function take(p_name text, p_count integer, p_rate double precision, p_hour bigint)
returns json language plpgsql as $$
declare
  v_now bigint;
  v_pace pace;
  v_tokens double precision;
  v_granted bigint := p_count;
  v_begun bigint := 0;
  v_wait bigint := 0;
begin
  insert into pace (name, tokens, at) values (p_name, 0, database_now()) on conflict (name) do nothing;
  select p.* into v_pace from pace p where p.name = p_name for update;
  -- Read once it is this worker's turn.
  v_now := database_now();
  if p_hour is not null then
    select coalesce(sum(m.begun), 0) into v_begun from pace_minute m
    where m.name = p_name and m.minute > v_now / 60000 - 60;
    v_granted := least(v_granted, greatest(p_hour - v_begun, least(p_count, 0)));
    if v_granted = 0 and p_count > 0 then
      -- When the oldest of these minutes counts no more.
      select (min(m.minute) + 60) * 60000 - v_now into v_wait from pace_minute m
      where m.name = p_name and m.minute > v_now / 60000 - 60 and m.begun > 0;
      return json_build_object('granted', 0, 'wait', greatest(coalesce(v_wait, 60000), 1));
    end if;
    insert into pace_minute as m (name, minute, begun) values (p_name, v_now / 60000, v_granted)
    on conflict (name, minute) do update set begun = m.begun + excluded.begun;
    delete from pace_minute m where m.name = p_name and m.minute <= v_now / 60000 - 60;
  end if;
  if p_rate is not null then
    -- After a rest, a tenth of a second's worth at once and no more.
    v_tokens := least(greatest(p_rate / 10, 1), v_pace.tokens + (v_now - v_pace.at) * p_rate / 1000) - v_granted;
    update pace set tokens = v_tokens, at = v_now where name = p_name;
    v_wait := greatest(0, ceil(-v_tokens / p_rate * 1000));
  end if;
  return json_build_object('granted', v_granted, 'wait', v_wait);
end $$;
`
