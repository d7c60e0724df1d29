import { refuseNewer } from '../migrate.ts'
import type { StepState } from '../migrate-store.ts'
import { number } from '../subscriber-rows.ts'
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
 * @param backupAt when that was made, milliseconds since the epoch
 */
export async function holdRestored(url: string, backupAt: number): Promise<void> {
  const database = openPool(url, { connections: 1 })
  try {
    await migratePostgres(database)
    await markPostgresRestored(database, { backupAt, restoredAt: database.clock.now(), confirmed: [] })
  } finally {
    await database.close()
  }
}
