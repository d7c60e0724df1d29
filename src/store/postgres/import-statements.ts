/*
 * The statements of an import: each reads or writes a whole batch, which it is given as JSON, or by COPY where there is
 * a row for everybody new.
 */

export const seenTable = `
drop table if exists import_seen;
create temporary table import_seen (newsletter text collate "C", address_key text collate "C", line bigint not null,
  primary key (newsletter, address_key));
drop table if exists import_person, import_subscription, import_consent;
create temporary table import_person
  (public_id text, address text, key text, hash text, name text, tier text) on commit delete rows;
create temporary table import_subscription
  (id bigint, newsletter text, state text, at bigint, source text) on commit delete rows;
create temporary table import_consent
  (id bigint, newsletter text, kind text, asked bigint, at bigint, words text) on commit delete rows`

/** What is loaded of a batch by COPY, and the statement that writes it. */
export interface Loaded {
  readonly table: string
  readonly columns: readonly string[]
  readonly write: string
}

/** A row that stands there already keeps its line. */
export const see = `
insert into import_seen as i (newsletter, address_key, line)
select g.newsletter, g.key, g.line from json_to_recordset($1) as g (newsletter text, key text, line bigint)
on conflict (newsletter, address_key) do update set line = i.line
returning newsletter, address_key, line`

export const seeSuppressed = `
insert into import_seen (newsletter, address_key, line) select '', t.key, 0 from unnest($1::text[]) as t (key)
on conflict do nothing`

export const seenSuppressed = `select address_key from import_seen where newsletter = '' and address_key = any ($1)`

const chosen = (of: string): string => `(select max(o.at) from consent o
    where o.subscriber_id = s.id and o.kind in ('given', 'undone') and o.form in ('sign-up', 'preferences', 'undo')
      and ${of})`

/** In the order of their ids, so that two imports wait for each other and do not stand in each other's way. */
export const know = `
select s.id, s.address_key, s.name, s.tier, n.state, n.left_at,
  ${chosen('o.newsletter = g.newsletter')} as chosen_here, ${chosen('true')} as chosen_anywhere
from json_to_recordset($1) as g (key text, newsletter text)
join subscriber s on s.address_key = g.key
left join subscription n on n.subscriber_id = s.id and n.newsletter = g.newsletter
order by s.id for update of s`

export const knowAddresses = `
select g.hash, x.reason, (select max(f.changed_at) from former_address f where f.address_hash = g.hash) as changed_at
from json_to_recordset($1) as g (hash text) left join suppression x on x.address_hash = g.hash`

export const insertPeople: Loaded = {
  table: 'import_person',
  columns: ['public_id', 'address', 'key', 'hash', 'name', 'tier'],
  write: `
insert into subscriber (public_id, address, address_key, address_hash, name, tier, created_at, updated_at)
select g.public_id, g.address, g.key, g.hash, g.name, g.tier, $1, $1 from import_person g
returning id, address_key`,
}

export const updatePeople = `
update subscriber s set name = g.name, tier = g.tier, updated_at = $2
from json_to_recordset($1) as g (id bigint, name text, tier text) where s.id = g.id`

export const subscribe: Loaded = {
  table: 'import_subscription',
  columns: ['id', 'newsletter', 'state', 'at', 'source'],
  write: `
insert into subscription as c (subscriber_id, newsletter, state, consent_at, consent_source, left_at)
select g.id, g.newsletter, g.state, g.at, g.source, case when g.state = 'left' then $1::bigint end
from import_subscription g
on conflict (subscriber_id, newsletter) do update set
  state = excluded.state,
  consent_at = coalesce(excluded.consent_at, c.consent_at),
  consent_source = coalesce(excluded.consent_source, c.consent_source),
  left_at = excluded.left_at,
  left_from = null,
  paused_until = null`,
}

export const leftBefore = `
update subscription c set left_at = least(c.left_at, g.left_at)
from json_to_recordset($1) as g (id bigint, newsletter text, left_at bigint)
where c.subscriber_id = g.id and c.newsletter = g.newsletter`

export const touch = 'update subscriber set updated_at = $2 where id = any ($1)'

export const keepConsents: Loaded = {
  table: 'import_consent',
  columns: ['id', 'newsletter', 'kind', 'asked', 'at', 'words'],
  write: `
insert into consent (subscriber_id, newsletter, kind, asked_at, at, form, words)
select g.id, g.newsletter, g.kind, g.asked, g.at, 'import', g.words from import_consent g`,
}

export const suppress = `
insert into suppression (address_hash, reason, note, created_at)
select g.hash, 'import', g.note, $2 from json_to_recordset($1) as g (hash text, note text)
on conflict (address_hash) do nothing`
