/** Frozen editions, what is published, and what the site lists and searches of it; see SQLite's steps 2, 4 and 5. */
export const site = `
create table edition (
  hash text collate "C" primary key,
  issue text collate "C" not null,
  newsletter text collate "C" not null,
  tier text collate "C" not null,
  subject text collate "C" not null,
  date text collate "C" not null,
  body text collate "C" not null,
  created_at bigint not null,
  page text collate "C"
);

create table published (
  issue text collate "C" not null,
  tier text collate "C" not null,
  edition_hash text collate "C" not null references edition (hash),
  published_at bigint not null,
  first_published_at bigint not null default 0,
  primary key (issue, tier)
);

create table source_place (
  issue text collate "C" not null,
  tier text collate "C" not null,
  source text collate "C" not null,
  brief text collate "C" not null default '',
  work text collate "C" not null,
  primary key (issue, tier, source, brief)
);
create index source_place_by_work on source_place (work, tier);

create table correction (
  issue text collate "C" not null,
  tier text collate "C" not null,
  brief text collate "C" not null,
  number integer not null,
  day text collate "C" not null,
  words text collate "C" not null,
  primary key (issue, tier, brief, number)
);

create table site_issue (
  issue text collate "C" not null,
  tier text collate "C" not null,
  edition_hash text collate "C" not null,
  index_version integer not null,
  preheader text collate "C" not null,
  lang text collate "C" not null,
  primary key (issue, tier)
);

create table site_brief (
  issue text collate "C" not null,
  tier text collate "C" not null,
  brief text collate "C" not null,
  position integer not null,
  title text collate "C" not null,
  standfirst text collate "C" not null,
  primary key (issue, tier, brief)
);

create table site_version (version bigint not null);
insert into site_version (version) values (0);
create function raise_site_version() returns trigger language plpgsql as $$
begin
  update site_version
  set version = greatest(version + 1, (extract(epoch from clock_timestamp()) * 1000)::bigint);
  return null;
end $$;
create trigger raise_site_version after insert or update or delete on published
  for each row execute function raise_site_version();
`
