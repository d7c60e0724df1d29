/**
 * People, what they consented to, and whom we must not write to. Times are milliseconds since
 * the epoch.
 */
export const subscribers = `
create table subscriber (
  id integer primary key,
  -- Random, and the only name of a person that leaves this database (in links).
  public_id text not null unique,
  -- As the person writes it; null once erased.
  address text,
  -- The normalised address, by which two spellings are one person; null once erased.
  address_key text unique,
  -- The keyed digest of address_key, so that suppressed people are left out by a plain join;
  -- null once erased, so that nothing ties this row to the suppression that stays.
  address_hash text,
  name text,
  tier text not null check (tier in ('subscriber', 'member')),
  erased_at integer,
  created_at integer not null,
  updated_at integer not null,
  check ((erased_at is null) = (address is not null)),
  check ((address is null) = (address_key is null)),
  check ((address is null) = (address_hash is null)),
  check (erased_at is null or name is null)
);

create unique index subscriber_by_address_hash on subscriber (address_hash);

create table subscription (
  subscriber_id integer not null references subscriber (id),
  newsletter text not null,
  state text not null check (state in ('pending', 'confirmed', 'left', 'paused')),
  consent_at integer,
  consent_source text,
  left_at integer,
  paused_until integer,
  primary key (subscriber_id, newsletter)
) without rowid;

-- Freezing an audience walks one newsletter's confirmed people in the order of their ids.
create index subscription_by_state on subscription (newsletter, state, subscriber_id);

-- Keyed by a digest, so that an erased person stays blocked without their address.
create table suppression (
  address_hash text primary key,
  reason text not null,
  note text,
  created_at integer not null
) without rowid;
`
