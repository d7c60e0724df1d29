import { existsSync } from 'node:fs'
import { migrateStore, type StepState } from '../store/migrate-store.ts'
import { moment } from './advance.ts'
import { exit, type Context, type ExitCode } from './context.ts'
import { alignRows } from './table.ts'
import { OnrecordError } from '../core/errors.ts'

export interface MigrateOptions {
  readonly dryRun: boolean
  /** Where the publication is moved to; null: it stays where it is. */
  readonly to: string | null
  /** A move was given up: the file that was left is taken into use again. */
  readonly stay: boolean
}

/** `onrecord migrate`: the steps of the store's schema; takes those that are missing. `--to` moves it to PostgreSQL. */
export async function run(context: Context, { dryRun, to, stay }: MigrateOptions): Promise<ExitCode> {
  const { database } = context.config()
  if (stay) {
    if (dryRun || to !== null) throw new OnrecordError('usage', 'Give --stay alone.')
    const { stayHere } = await import('./move-store.ts')
    return stayHere(context)
  }
  if (to !== null) {
    if (dryRun)
      throw new OnrecordError('usage', 'A move cannot be tried with --dry-run.', {
        hint: 'leave it out: Ctrl-C before the end, or anything that fails, moves nothing; and “migrate --stay” undoes a move',
      })
    const { moveStore } = await import('./move-store.ts')
    return moveStore(context, to)
  }
  if (database.kind === 'postgres') {
    const { migratePostgresStore } = await import('../store/postgres/migrate-store.ts')
    const steps = await migratePostgresStore(database.url, { dryRun })
    return say(context, { store: database.label, dryRun, steps, kept: null })
  }
  const { file } = database
  if (!existsSync(file)) {
    if (context.options.json) context.print(JSON.stringify({ store: file, steps: [], kept: null }))
    else context.print('There is no store yet; the first command that needs one makes it up to date.')
    return exit.done
  }
  return say(context, { store: file, dryRun, ...migrateStore(file, { dryRun }) })
}

interface Migrated {
  readonly store: string
  readonly dryRun: boolean
  readonly steps: readonly StepState[]
  /** Where the former state is; null: nothing was to be kept, or PostgreSQL's own backups have it. */
  readonly kept: string | null
}

function say(context: Context, { store, dryRun, steps, kept }: Migrated): ExitCode {
  if (context.options.json) {
    const dated = steps.map(({ appliedAt, ...step }) => ({
      ...step,
      appliedAt: appliedAt === null ? null : new Date(appliedAt).toISOString(),
    }))
    context.print(JSON.stringify({ store, dryRun, steps: dated, kept }, null, 2))
    return exit.done
  }
  const missing = steps.filter(({ appliedAt }) => appliedAt === null)
  const rows = steps.map(({ number, name, appliedAt }) => [
    `  ${number}`,
    name,
    appliedAt === null ? (dryRun ? 'not taken yet' : 'taken now') : `taken ${moment(appliedAt)}`,
  ])
  for (const line of alignRows(rows)) context.print(line)
  if (missing.length === 0) context.print('The store is up to date.')
  else if (!dryRun) context.print('The store is up to date now.')
  else if (store.startsWith('postgres:'))
    context.print('“onrecord migrate” takes what is missing; back the database up first (pg_dump).')
  else context.print('“onrecord migrate” takes what is missing, and keeps a copy of the store first.')
  if (kept !== null) context.print(`As it was before: ${kept}; delete it when all is well.`)
  return exit.done
}
