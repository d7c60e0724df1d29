import { messageOf, OnrecordError } from '../../core/errors.ts'
import { refuseNewer } from '../migrate.ts'
import type { Migration } from '../migrations/index.ts'
import { stepHash, type TakenStep } from '../step-hash.ts'
import { number, text } from '../subscriber-rows.ts'
import { postgresMigrations } from './migrations/index.ts'
import type { Connection, Postgres } from './pool.ts'

/** Held while a step is taken: two processes cannot be at one. The number means nothing. */
const MIGRATING = 'select pg_advisory_xact_lock(7140, 1)'

const table = `
create table if not exists migration (
  number integer primary key, name text not null, applied_at bigint not null, hash text)`

/** A former version made the table without it. */
const column = 'alter table migration add column if not exists hash text'

/**
 * Brings the schema up to the last of `migrations`: forward only, each step in a transaction of its own, under
 * an advisory lock. Two processes may do it at once.
 * @throws OnrecordError `config` when a newer version wrote the store; `refused` where another publication stands in the
 *   database; `io` when a step fails
 */
export async function migratePostgres(
  database: Postgres,
  migrations: readonly Migration[] = postgresMigrations,
): Promise<void> {
  const newest = migrations.at(-1)?.number ?? 0
  // The usual case is a store that is up to date: see that without a lock.
  const taken = refuseNewer(await schemaStep(database), newest)
  if (taken === newest) return
  if (taken === 0) await refuseNeighbour(database)
  for (const migration of migrations) await step(database, migration, newest)
}

const neighbour = `
select n.nspname as schema from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relname = 'slice' and c.relkind = 'r' and n.nspname <> current_schema()
  and exists (select 1 from pg_class d where d.relnamespace = n.oid and d.relname = 'delivery')
limit 1`

/** Locks and the queue of jobs are a database's, not a schema's: two publications in one would hold each other up. */
async function refuseNeighbour(database: Postgres): Promise<void> {
  const found = await database.row(neighbour)
  if (found === undefined) return
  throw new OnrecordError(
    'refused',
    `Another publication stands in ${database.label}, in its schema ${String(found['schema'])}.`,
    { hint: 'each needs a database of its own: “createdb …”, and name that one in DATABASE_URL' },
  )
}

/** The last step that was taken; 0: none. */
export async function schemaStep(database: Connection): Promise<number> {
  const found = await database.row("select (to_regclass('migration') is not null)::int as found")
  if (found?.['found'] !== 1) return 0
  const row = await database.row('select coalesce(max(number), 0) as number from migration')
  return Number(row?.['number'])
}

/** The steps that a store took, whose schema is left as it is. */
export async function takenSteps(database: Connection): Promise<readonly TakenStep[]> {
  if ((await schemaStep(database)) === 0) return []
  // Where there is no such column, it is null.
  const rows = await database.rows("select number, to_jsonb(m) ->> 'hash' as hash from migration m")
  return rows.map((row) => ({ number: number(row, 'number'), hash: text(row, 'hash') }))
}

async function step(database: Postgres, migration: Migration, newest: number): Promise<void> {
  try {
    await database.transaction(async (connection) => {
      await connection.script(
        `set local lock_timeout = 0; set local statement_timeout = 0; ${MIGRATING}; ${table}`,
      )
      if (refuseNewer(await schemaStep(connection), newest) >= migration.number) return
      await connection.script(`${column}; ${migration.sql}`)
      await connection.run('insert into migration (number, name, applied_at, hash) values ($1, $2, $3, $4)', [
        migration.number,
        migration.name,
        database.clock.now(),
        stepHash(migration),
      ])
    })
  } catch (error) {
    if (error instanceof OnrecordError) throw error
    throw new OnrecordError(
      'io',
      `The store could not be brought to step ${migration.number} (${migration.name}): ${messageOf(error)}.`,
      { cause: error, hint: 'nothing of that step was kept; mend that, then run the command again' },
    )
  }
}
