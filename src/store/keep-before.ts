import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import type { Clock } from '../core/clock.ts'
import { copyStore } from './copy-store.ts'
import type { Migration } from './migrations/index.ts'
import { countOf } from './open-as-is.ts'
import { place } from './place.ts'
import { schemaStep } from './verify.ts'

/** The steps of the schema that a store has not taken yet. */
export function pendingSteps(
  connection: DatabaseSync,
  migrations: readonly Migration[],
): readonly Migration[] {
  const step = schemaStep(connection)
  return migrations.filter((each) => each.number > step)
}

/**
 * Before a store with people in it takes its next steps, a copy of it as it is: steps only go forward, and
 * the former version of Onrecord cannot read what a later one has changed.
 * @returns where the copy is, or null: there is nothing to keep
 */
export function keepBefore(
  connection: DatabaseSync,
  migrations: readonly Migration[],
  file: string,
  clock: Clock,
): string | null {
  const [first] = pendingSteps(connection, migrations)
  if (first === undefined || first.number === 1) return null
  if (countOf(connection, 'select exists (select 1 from subscriber)') === 0) return null
  const kept = `${file}.before-step-${first.number}`
  const part = `${kept}.${randomBytes(4).toString('hex')}.part`
  try {
    const { step } = copyStore({ kind: 'copy', store: file, dataDir: null, part, at: clock.now() }, () => {})
    // Another process may have been faster, and kept it.
    if (step < first.number) place(part, kept, true)
    return kept
  } finally {
    rmSync(part, { force: true })
  }
}
