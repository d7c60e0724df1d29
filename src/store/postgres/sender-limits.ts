import { randomBytes } from 'node:crypto'
import type { CommonLimits } from '../../delivery/common-limits.ts'
import type { Limits } from '../../delivery/limits.ts'
import { keepSaying } from './keep-saying.ts'
import type { Postgres } from './pool.ts'
import { json } from './values.ts'

const say = `
insert into sender_limits (sender, server, limits, seen_at) values ($1, $2, $3, database_now())
on conflict (sender) do update set seen_at = excluded.seen_at`

const leave = 'delete from sender_limits where sender = $1'

/** What processes that were killed have left, an hour on. */
const tidy = 'delete from sender_limits where seen_at < database_now() - 3600000'

/** Of whoever has spoken in the last eight seconds; not in a future, which a clock that was set back leaves behind. */
const said = `
select distinct limits from sender_limits where server = $1 and abs(database_now() - seen_at) < 8000`

/** Said as a worker says that it is there (`worker-presence.ts`). */
export function openCommonLimits(database: Postgres): CommonLimits {
  return {
    async say(server, limits) {
      const sender = randomBytes(12).toString('hex')
      await database.run(tidy)
      return keepSaying(database, { say, leave, values: [sender, server, json(limits)] })
    },
    async said(server) {
      const rows = await database.rows(said, [server])
      // Written above, by this version or one that knows other limits besides.
      return rows.map((row) => JSON.parse(String(row['limits'])) as Limits)
    },
  }
}
