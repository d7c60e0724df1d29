/**
 * Frozen editions, what is published, rounds and their deliveries. Times are milliseconds since
 * the epoch.
 */
export const deliveries = `
create table edition (
  -- SHA-256 of the content: an edition never changes.
  hash text primary key,
  issue text not null,
  newsletter text not null,
  tier text not null,
  subject text not null,
  date text not null,
  body text not null,
  created_at integer not null
);

create table published (
  issue text not null,
  tier text not null,
  edition_hash text not null references edition (hash),
  published_at integer not null,
  primary key (issue, tier)
) without rowid;

create table round (
  id integer primary key,
  issue text not null,
  newsletter text not null,
  kind text not null check (kind in ('real', 'rehearsal')),
  number integer not null,
  state text not null check (state in ('freezing', 'sending', 'paused', 'done', 'cancelled')),
  reason text,
  -- The last subscriber that freezing has looked at.
  frozen_through integer not null default 0,
  -- Set when freezing ends.
  total integer,
  transport text not null,
  settings text not null,
  editions text not null,
  started_at integer not null,
  finished_at integer,
  unique (issue, kind, number)
);

create table delivery (
  id integer primary key,
  round_id integer not null references round (id),
  subscriber_id integer not null references subscriber (id),
  tier text not null,
  -- As it was frozen; null once the person is erased.
  address text,
  state text not null default 'queued',
  message_id text,
  first_attempt_at integer,
  attempts integer not null default 0,
  next_at integer,
  reply text,
  class text,
  accepted_at integer,
  updated_at integer not null,
  -- Nobody gets an issue twice.
  unique (round_id, subscriber_id)
);

-- Claiming and counting walk one state of one round.
create index delivery_by_state on delivery (round_id, state, next_at);

-- Erasing a person takes their address out of what was sent to them; the state stays.
create index delivery_by_subscriber on delivery (subscriber_id);
create trigger erase_deliveries after update of erased_at on subscriber when new.erased_at is not null
begin
  update delivery set address = null, reply = null where subscriber_id = new.id;
end;
`
