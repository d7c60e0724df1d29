/** Sends that wait for their time. Times are milliseconds since the epoch. */
export const schedule = `
create table schedule (
  -- Never one that was used: a send that was moved meanwhile is another.
  id integer primary key autoincrement,
  issue text not null,
  kind text not null check (kind in ('real', 'rehearsal')),
  -- The round that it opens, or of one that is done goes on with.
  number integer not null,
  at integer not null,
  newsletter text not null,
  transport text not null,
  -- As a round's: what the messages are made of.
  settings text not null,
  editions text not null,
  frozen_at integer not null,
  -- Why it does not start by itself; null: it does.
  held text,
  unique (issue, kind)
);
`
