import { refuseNewer } from '../migrate.ts'
import type { StepState } from '../migrate-store.ts'
import { number } from '../subscriber-rows.ts'
import { isElsewhere, setHome } from './home.ts'
import { migratePostgres, schemaStep } from './migrate.ts'
import { postgresMigrations } from './migrations/index.ts'
import { openPool } from './pool.ts'
import { markPostgresRestored } from './restored.ts'

/**
 * Brings the store of a `postgres://` URL up to date as opening it does, and says what it did.
 * @param dryRun only looks
 * @returns the steps as they were before
 * @throws OnrecordError `config` when a newer version wrote it; `io`
 */
export async function migratePostgresStore(
  url: string,
  { dryRun }: { readonly dryRun: boolean },
): Promise<readonly StepState[]> {
  const database = openPool(url, { connections: 1 })
  try {
    const taken = refuseNewer(await schemaStep(database), postgresMigrations.length)
    const rows = taken === 0 ? [] : await database.rows('select number, applied_at from migration')
    const applied = new Map(rows.map((row) => [number(row, 'number'), number(row, 'applied_at')]))
    if (!dryRun) await migratePostgres(database)
    return postgresMigrations.map((step) => ({
      number: step.number,
      name: step.name,
      appliedAt: applied.get(step.number) ?? null,
    }))
  } finally {
    await database.close()
  }
}

/**
 * Holds real sends from the store of a `postgres://` URL until a person confirms them: it was put back from a backup.
 * Nobody is logged in, and no letter waits. What was on the wire then is unknown once its leases have ended.
 * @param backupAt when that was made, milliseconds since the epoch
 */
export async function holdRestored(url: string, backupAt: number): Promise<void> {
  const database = openPool(url, { connections: 1 })
  try {
    await migratePostgres(database)
    await database.transaction(async (connection) => {
      await connection.run(
        `update round set state = 'paused', reason = 'restored from a backup'
         where kind = 'real' and state in ('freezing', 'sending')`,
      )
      // Since the backup they may have logged out or moved, the letters were sent, the links were pressed.
      await connection.run('delete from session')
      await connection.run('delete from one_time_token')
      await connection.run('delete from address_change')
      await connection.run('delete from letter')
      const now = database.clock.now()
      await markPostgresRestored(connection, { backupAt, restoredAt: now, confirmed: [] })
      await setHome(connection, now)
    })
  } finally {
    await database.close()
  }
}

/**
 * Takes the store of a `postgres://` URL into use where it is now: it was moved there whole, and nothing was sent or
 * changed where it was before.
 * @returns false where it is known here already
 */
export async function settleHere(url: string): Promise<boolean> {
  const database = openPool(url, { connections: 1 })
  try {
    await migratePostgres(database)
    return await database.transaction(async (connection) => {
      const isNew = await isElsewhere(connection)
      if (isNew) await setHome(connection, database.clock.now())
      return isNew
    })
  } finally {
    await database.close()
  }
}
