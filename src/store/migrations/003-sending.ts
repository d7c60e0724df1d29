/**
 * What makes a message again, and marks on the store as a whole. Times are milliseconds since the
 * epoch.
 */
export const sending = `
-- As it was frozen; null where there is none and once the person is erased.
alter table delivery add column name text;

-- Which DKIM keys signed it; null: none did.
alter table delivery add column key_id text;

-- Its end was not known, and somebody decided to send it once more.
alter table delivery add column resent_at integer;

create trigger erase_delivery_names after update of erased_at on subscriber when new.erased_at is not null
begin
  update delivery set name = null where subscriber_id = new.id;
end;

-- What holds for the whole store, such as that it was restored from a backup.
create table mark (
  name text primary key,
  value text not null,
  set_at integer not null
) without rowid;
`
