/** Who approved which issue as it was, who sent it back, and which sources were ticked off. Rows are only added. */
export const approvals = `
create table approval (
  id integer primary key,
  issue text not null,
  step text not null check (step in ('draft', 'review', 'approved')),
  -- SHA-256 over parts, hex.
  hash text not null,
  -- JSON: what the issue was made of, each part with its hash.
  parts text not null,
  -- JSON: tier to hash in edition; null but for an approval.
  editions text,
  -- A name of the staff, as they write it.
  by text not null,
  at integer not null,
  note text
);
create index approval_issue on approval (issue, id);

create table source_tick (
  id integer primary key,
  issue text not null,
  source text not null,
  -- SHA-256 of the ledger entry and of what is cited; null: the ticks before it were taken off.
  hash text,
  by text not null,
  at integer not null
);
create index source_tick_issue on source_tick (issue, source, id);
`
