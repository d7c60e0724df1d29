/** With which limits each process sends, or would, and through which server: said anew every two seconds. */
export const limits = `
create unlogged table sender_limits (
  sender text collate "C" primary key,
  server text collate "C" not null,
  limits text collate "C" not null,
  seen_at bigint not null
) with (fillfactor = 50);
`
