/**
 * What the site lists and searches, taken from frozen editions when they are published: each row is of one
 * tier and made from what that tier may see. All of it can be made again from `edition` (see `indexMissing`).
 */
export const site = `
-- Which edition of an issue has been taken in, and by which version of the taking in.
create table site_issue (
  issue text not null,
  tier text not null,
  edition_hash text not null,
  index_version integer not null,
  preheader text not null,
  lang text not null,
  primary key (issue, tier)
) without rowid;

create table site_brief (
  issue text not null,
  tier text not null,
  brief text not null,
  -- In reading order, from 0.
  position integer not null,
  title text not null,
  standfirst text not null,
  primary key (issue, tier, brief)
) without rowid;

-- Grows with each change of what is published; never below the time, so that it also differs after a restore.
create table site_version (version integer not null);
insert into site_version (version) values (0);
create trigger site_version_insert after insert on published begin
  update site_version set version = max(version + 1, cast(unixepoch('subsec') * 1000 as integer));
end;
create trigger site_version_update after update on published begin
  update site_version set version = max(version + 1, cast(unixepoch('subsec') * 1000 as integer));
end;
create trigger site_version_delete after delete on published begin
  update site_version set version = max(version + 1, cast(unixepoch('subsec') * 1000 as integer));
end;
`
