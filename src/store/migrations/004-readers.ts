/**
 * Readers on the site: what they asked for, how they showed who they are, what they consented to; and what
 * the site shows of frozen editions. Times are milliseconds since the epoch. No token is kept, only SHA-256
 * of it; no network address, only what CONSENT_NETWORK lets be kept.
 */
export const readers = `
alter table subscriber add column format text not null default 'html' check (format in ('html', 'text'));
-- Links to issues in mail that were published before this do not show them to who holds the link.
alter table subscriber add column views_from integer not null default 0;

-- As it was frozen.
alter table delivery add column format text not null default 'html' check (format in ('html', 'text'));

-- The state that leaving ended, so that its undo brings back what was: null when it cannot be undone.
alter table subscription add column left_from text check (left_from in ('pending', 'confirmed', 'paused'));
create index subscription_by_pause on subscription (paused_until) where state = 'paused';
create index subscription_by_leaving on subscription (left_at) where left_from is not null;

-- The proof of each consent, and of its end: never changed, only erased with the person.
create table consent (
  id integer primary key,
  subscriber_id integer not null references subscriber (id),
  newsletter text not null,
  kind text not null check (kind in ('given', 'withdrawn', 'undone')),
  -- When the form was sent, and when it was confirmed (the same where nothing had to be).
  asked_at integer not null,
  at integer not null,
  -- Which form: sign-up, preferences, leave, one-click, undo.
  form text not null,
  -- The words consented to, as they stood there.
  words text not null,
  -- Of the request that asked: null, a network cut short, or a keyed digest.
  network text
);
create index consent_by_subscriber on consent (subscriber_id);

-- A mail to one person that is no issue, until the server has taken it.
create table letter (
  -- Never one that another letter had: whoever settles a letter that is gone by now must meet nobody else's.
  id integer primary key autoincrement,
  kind text not null check (kind in ('sign-up', 'log-in', 'welcome', 'change-from', 'change-to', 'changed')),
  -- Whose affair it is, where that is settled; null: looked up by the address when it is made.
  subscriber_id integer references subscriber (id),
  -- To whom; the digest is that of subscriber.address_hash, whether or not there is such a person.
  address text not null,
  address_hash text not null,
  newsletter text not null default '',
  -- What the form said: JSON.
  detail text not null default '{}',
  asked_at integer not null,
  due_at integer not null,
  attempts integer not null default 0,
  -- Asked for a thousand times, it is one letter.
  unique (address_hash, kind, newsletter)
);
create index letter_by_due on letter (due_at);
create index letter_by_ask on letter (asked_at);
create index letter_by_subscriber on letter (subscriber_id);

create table one_time_token (
  hash text primary key,
  purpose text not null check (purpose in ('confirm', 'log-in', 'change-from', 'change-to')),
  -- Null: somebody who is not yet a subscriber.
  subscriber_id integer references subscriber (id),
  address text not null,
  address_hash text not null,
  newsletter text not null default '',
  -- What becomes true when it is used: JSON.
  detail text not null default '{}',
  created_at integer not null,
  expires_at integer not null,
  used_at integer
) without rowid;
create index one_time_token_by_address on one_time_token (address_hash, purpose);
create index one_time_token_by_subscriber on one_time_token (subscriber_id);
create index one_time_token_by_end on one_time_token (expires_at);

-- One at a time a person; carried out once both addresses have said yes.
create table address_change (
  subscriber_id integer primary key references subscriber (id),
  address text not null,
  address_key text not null,
  address_hash text not null,
  asked_at integer not null,
  expires_at integer not null,
  from_confirmed_at integer,
  to_confirmed_at integer
);
create index address_change_by_address on address_change (address_hash);
create index address_change_by_end on address_change (expires_at);

-- Whose it once was, so that erasing it also clears what was sent there before the change.
create table former_address (
  address_hash text not null,
  subscriber_id integer not null references subscriber (id),
  changed_at integer not null,
  primary key (address_hash, subscriber_id)
) without rowid;
create index former_address_by_subscriber on former_address (subscriber_id);

create table session (
  -- Random: a number that comes again would let the CSRF token of one session fit another.
  id integer primary key,
  hash text not null unique,
  -- The one before the last rotation: requests that were under way still hold it for a moment.
  former_hash text unique,
  subscriber_id integer not null references subscriber (id),
  created_at integer not null,
  rotated_at integer not null,
  seen_at integer not null,
  expires_at integer not null
);
create index session_by_subscriber on session (subscriber_id);
create index session_by_end on session (expires_at);

-- How often something was asked for in one window of time, by a keyed digest of an address or a network.
create table attempt (
  kind text not null,
  subject text not null,
  ends_at integer not null,
  count integer not null,
  primary key (kind, subject)
) without rowid;
create index attempt_by_end on attempt (ends_at);

-- What is found by the address alone, whoever's it is, store/erase.ts clears in the same transaction.
create trigger erase_reader after update of erased_at on subscriber when new.erased_at is not null
begin
  delete from consent where subscriber_id = new.id;
  delete from session where subscriber_id = new.id;
  delete from address_change where subscriber_id = new.id;
  delete from former_address where subscriber_id = new.id;
  delete from one_time_token where subscriber_id = new.id;
  delete from letter where subscriber_id = new.id;
end;

-- When it went on the site; published_at is when its latest words did.
alter table published add column first_published_at integer not null default 0;
update published set first_published_at = published_at;

-- What a page of the site is made from, as JSON, apart from what a send reads; null: frozen before there was one.
alter table edition add column page text;

-- Where each source of a published issue is cited, as one tier sees it; brief is empty for the opening note
-- and for a source that was read and not cited.
create table source_place (
  issue text not null,
  tier text not null,
  source text not null,
  brief text not null default '',
  -- The same work in other issues has the same; made from what only members may see, and never shown.
  work text not null,
  primary key (issue, tier, source, brief)
) without rowid;
create index source_place_by_work on source_place (work, tier);

create table correction (
  issue text not null,
  tier text not null,
  brief text not null,
  number integer not null,
  day text not null,
  words text not null,
  primary key (issue, tier, brief, number)
) without rowid;

-- A table a tier: neither a match nor the order of matches depends on what another tier reads.
create virtual table search_public using fts5 (title, words, issue unindexed, brief unindexed, tokenize = 'unicode61 remove_diacritics 2');
create virtual table search_subscriber using fts5 (title, words, issue unindexed, brief unindexed, tokenize = 'unicode61 remove_diacritics 2');
create virtual table search_member using fts5 (title, words, issue unindexed, brief unindexed, tokenize = 'unicode61 remove_diacritics 2');
`
