import type { Clock } from '../core/clock.ts'
import { systemClock } from '../core/clock.ts'
import { keepBefore } from './keep-before.ts'
import { migrate, refuseNewer } from './migrate.ts'
import { migrations } from './migrations/index.ts'
import { openAsIs } from './open-as-is.ts'
import { storeTrouble } from './trouble.ts'
import { schemaStep } from './verify.ts'

/** One step of the schema, and when it was taken. */
export interface StepState {
  readonly number: number
  readonly name: string
  /** Milliseconds since the epoch; null: not yet. */
  readonly appliedAt: number | null
}

/**
 * Brings a store up to date as opening it does, and says what it did.
 * @param dryRun only looks
 * @returns the steps as they were before, and where the former state was kept
 * @throws OnrecordError `not-found` where there is no store; `config` when a newer version wrote it; `io`
 */
export function migrateStore(
  file: string,
  { dryRun, clock = systemClock }: { readonly dryRun: boolean; readonly clock?: Clock },
): { readonly steps: readonly StepState[]; readonly kept: string | null } {
  const connection = openAsIs(file)
  try {
    const step = refuseNewer(schemaStep(connection), migrations.length)
    const applied = new Map(
      step === 0
        ? []
        : connection
            .prepare('select number, applied_at from migration')
            .all()
            .map((row) => [Number(row['number']), Number(row['applied_at'])]),
    )
    const steps = migrations.map(({ number, name }) => ({
      number,
      name,
      appliedAt: applied.get(number) ?? null,
    }))
    if (dryRun || step === migrations.length) return { steps, kept: null }
    const kept = keepBefore(connection, migrations, file, clock)
    connection.exec('pragma synchronous = full; pragma secure_delete = on; pragma foreign_keys = on')
    migrate(connection, migrations, clock)
    return { steps, kept }
  } catch (error) {
    throw storeTrouble(error, file) ?? error
  } finally {
    connection.close()
  }
}
