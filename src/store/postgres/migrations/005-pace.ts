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

-- A day's share of a warm-up; the day in the time zone of the publication.
create table pace_day (
  name text collate "C" not null,
  day text collate "C" not null,
  begun bigint not null,
  primary key (name, day)
) with (fillfactor = 50);

-- Takes up to p_count messages of a pace of p_rate a second (null: any), of p_hour in 60 minutes (null: any) and of
-- p_allowed on p_day (null: any). The last that it grants may begin after "wait" milliseconds. Less than nothing gives
-- back.
create function take(p_name text, p_count bigint, p_rate double precision, p_hour bigint, p_day text,
  p_allowed bigint, p_refused bigint)
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
  if p_day is not null then
    insert into pace_day as d (name, day, begun) values (p_name, p_day, 0) on conflict (name, day) do nothing;
    update pace_day d set begun = d.begun - p_refused where d.name = p_name and d.day = p_day
    returning d.begun into v_begun;
    v_granted := least(v_granted, greatest(p_allowed - v_begun, least(p_count, 0)));
    if v_granted = 0 and p_count > 0 then
      return json_build_object('granted', 0, 'wait', 60000, 'spent', 'day');
    end if;
  end if;
  if p_hour is not null then
    select coalesce(sum(m.begun), 0) into v_begun from pace_minute m
    where m.name = p_name and m.minute > v_now / 60000 - 60;
    v_granted := least(v_granted, greatest(p_hour - v_begun, least(p_count, 0)));
    if v_granted = 0 and p_count > 0 then
      -- When the oldest of these minutes counts no more.
      select (min(m.minute) + 60) * 60000 - v_now into v_wait from pace_minute m
      where m.name = p_name and m.minute > v_now / 60000 - 60 and m.begun > 0;
      return json_build_object('granted', 0, 'wait', greatest(coalesce(v_wait, 60000), 1), 'spent', 'hour');
    end if;
    insert into pace_minute as m (name, minute, begun) values (p_name, v_now / 60000, v_granted)
    on conflict (name, minute) do update set begun = m.begun + excluded.begun;
  end if;
  if p_day is not null then
    update pace_day d set begun = d.begun + v_granted where d.name = p_name and d.day = p_day;
  end if;
  -- After a rest, a tenth of a second's worth at once and no more.
  if p_rate is not null then
    v_tokens := least(greatest(p_rate / 10, 1), v_pace.tokens + (v_now - v_pace.at) * p_rate / 1000) - v_granted;
    v_wait := greatest(0, ceil(-v_tokens / p_rate * 1000));
  end if;
  update pace set tokens = coalesce(v_tokens, tokens), at = v_now where name = p_name;
  return json_build_object('granted', v_granted, 'wait', v_wait, 'spent', null);
end $$;

-- In one order of names, so that two do not wait for each other.
create function take_all(p_wanted json) returns json language plpgsql as $$
declare
  v_part record;
  v_answers jsonb := '{}';
begin
  for v_part in
    select * from json_to_recordset(p_wanted) as w (place integer, name text, count bigint, rate double precision,
      hour bigint, day text, allowed bigint, refused bigint)
    order by w.name
  loop
    v_answers := v_answers || jsonb_build_object(v_part.place, take(v_part.name, v_part.count, v_part.rate,
      v_part.hour, v_part.day, v_part.allowed, v_part.refused));
  end loop;
  return (select coalesce(json_agg(a.value order by a.key::integer), '[]') from jsonb_each(v_answers) as a);
end $$;

-- What the rows say was begun, where that is more than was counted: by another version, or before there was a limit.
-- Forgets what makes no difference any more.
create function load_pace(p_name text, p_minutes json, p_day text, p_today bigint) returns void language plpgsql as $$
begin
  insert into pace (name, tokens, at) values (p_name, 0, database_now()) on conflict (name) do nothing;
  perform 1 from pace p where p.name = p_name for update;
  insert into pace_minute as m (name, minute, begun)
  select p_name, w.minute, w.count from json_to_recordset(p_minutes) as w (minute bigint, count bigint)
  on conflict (name, minute) do update set begun = greatest(m.begun, excluded.begun);
  if p_day is not null then
    insert into pace_day as d (name, day, begun) values (p_name, p_day, p_today)
    on conflict (name, day) do update set begun = greatest(d.begun, excluded.begun);
    delete from pace_day d where d.name = p_name and d.day < p_day;
  end if;
  delete from pace_minute m where m.minute <= database_now() / 60000 - 60;
end $$;
`
