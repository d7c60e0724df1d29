import type { Restored } from '../../delivery/store.ts'
import { number, text } from '../subscriber-rows.ts'
import { isElsewhere } from './home.ts'
import { otherSteps } from '../step-hash.ts'
import { schemaStep, takenSteps } from './migrate.ts'
import { postgresMigrations } from './migrations/index.ts'
import { CONNECTIONS, openPool } from './pool.ts'
import { readRestored } from './restored.ts'

/** How a PostgreSQL store is, found out without changing it. */
export interface PostgresState {
  /** Such as 160004. */
  readonly version: number
  /** Steps of the schema: of the database, and known to this version. */
  readonly step: number
  readonly newest: number
  /** Steps that were taken with another text than this version's, such as `3 (slices)`. */
  readonly others: readonly string[]
  /** How far its clock is ahead of ours, in milliseconds; negative: behind. */
  readonly clockAhead: number
  /** Connections that the server gives us, that are taken now, and that one process of ours takes at most. */
  readonly connections: { readonly most: number; readonly taken: number; readonly each: number }
  /** Two connections of ours came to one of the server's: what sits between gives it out by transaction. */
  readonly isShared: boolean
  /** Settings that a crash of the server would cost commits with, such as `fsync`. */
  readonly unsafe: readonly string[]
  /** The mark of a restore that nobody has confirmed. */
  readonly restored: Restored | null
  /** It was made in another database, and nobody has said how it came here. */
  readonly isElsewhere: boolean
  /** Octets of the whole database. */
  readonly bytes: number
}

const server = `
select current_setting('server_version_num')::int as version,
  current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int as most,
  (select count(*) from pg_stat_activity where backend_type = 'client backend') as taken,
  pg_database_size(current_database()) as bytes,
  (select coalesce(string_agg(name, ',' order by name), '') from pg_settings
    where name in ('fsync', 'full_page_writes') and setting = 'off') as unsafe`

const now = 'select (extract(epoch from clock_timestamp()) * 1000)::bigint as now'

/**
 * Looks at the store of a `postgres://` URL.
 * @throws OnrecordError `io` when it cannot be reached, or refuses us
 */
export async function lookAtPostgres(url: string): Promise<PostgresState> {
  // A doctor answers; it does not wait for a server to come back.
  const database = openPool(url, { connections: 2, patience: 0 })
  try {
    const facts = (await database.row(server)) ?? {}
    const begun = Date.now()
    const theirs = number((await database.row(now)) ?? {}, 'now')
    const step = await schemaStep(database)
    return {
      version: number(facts, 'version'),
      step,
      newest: postgresMigrations.at(-1)?.number ?? 0,
      others: otherSteps(await takenSteps(database), postgresMigrations),
      clockAhead: Math.round(theirs - (begun + Date.now()) / 2),
      connections: { most: number(facts, 'most'), taken: number(facts, 'taken'), each: CONNECTIONS },
      isShared: await shares(database),
      unsafe: (text(facts, 'unsafe') ?? '').split(',').filter((name) => name !== ''),
      restored: step === 0 ? null : await readRestored(database),
      isElsewhere: step !== 0 && (await isElsewhere(database)),
      bytes: number(facts, 'bytes'),
    }
  } finally {
    await database.close()
  }
}

/** A pooler by transaction gives the second the connection that the first has just left. */
async function shares(database: ReturnType<typeof openPool>): Promise<boolean> {
  const backend = 'select pg_backend_pid() as pid'
  const first = await database.session()
  try {
    const one = await first.row(backend)
    const second = await database.session()
    try {
      return (await second.row(backend))?.['pid'] === one?.['pid']
    } finally {
      second.close()
    }
  } finally {
    first.close()
  }
}
