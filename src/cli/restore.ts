import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { OnrecordError } from '../core/errors.ts'
import { restoreStore } from '../store/restore.ts'
import { drawAdvance, moment } from './advance.ts'
import { exit, type Context, type ExitCode } from './context.ts'
import { number } from './round-text.ts'
import type { PostgresAddress } from '../store/postgres/address.ts'

export interface RestoreCommandOptions {
  /** Null with `confirm`. */
  readonly file: string | null
  readonly confirm: boolean
  /** When the dump was made that pg_restore put back; null: it was not. */
  readonly dumpedAt: string | null
  /** The database was only moved: it is used where it is now. */
  readonly moved: boolean
  readonly yes: boolean
}

const HELD = [
  'Not known here: who signed up, left or was erased since, and whom was mailed. No real send goes on before you say so:',
  '  “onrecord send <issue> --after-restore” for one issue, “onrecord restore --confirm” for all.',
]

/** `onrecord restore <file>`: puts a backup in the place of the store; `--confirm`: sending goes on after one. */
export async function run(context: Context, options: RestoreCommandOptions): Promise<ExitCode> {
  const { confirm: frees, file, dumpedAt, moved } = options
  if ([frees, file !== null, dumpedAt !== null, moved].filter(Boolean).length !== 1)
    throw new OnrecordError(
      'usage',
      'Name the backup to restore, or give --confirm after a restore, or --dumped-at after pg_restore, or --moved.',
    )
  if (moved) return settle(context, options.yes)
  if (dumpedAt !== null) return hold(context, dumpedAt)
  return file === null ? confirm(context, options.yes) : restore(context, file, options.yes)
}

async function restore(context: Context, file: string, yes: boolean): Promise<ExitCode> {
  const { database, dataDir } = context.config()
  if (database.kind === 'postgres') throw ownTools(database)
  const backup = resolve(context.cwd, file)
  if (existsSync(database.file) && existsSync(backup) && !yes) {
    const question = `Put ${backup} in the place of ${database.file}? The present store is kept beside it.`
    if (!(await context.confirm(question)))
      throw new OnrecordError('refused', 'Nothing was restored.', {
        hint: 'answer “y” on a terminal, or give --yes',
      })
  }
  const restored = await restoreStore({
    ...drawAdvance(context),
    store: database.file,
    dataDir,
    backup,
    now: Date.now(),
  })
  context.drawProgress('')
  if (context.options.json) {
    const { backupAt, ...rest } = restored
    context.print(JSON.stringify({ ...rest, backupAt: new Date(backupAt).toISOString() }, null, 2))
    return exit.done
  }
  const { people, kept, inFlight, unknown, hasFiles } = restored
  context.print(
    `Restored from the backup of ${moment(restored.backupAt)}: ${number(people)} ${people === 1 ? 'person' : 'people'}.`,
  )
  if (kept !== null) context.print(`The former store is ${kept}.`)
  if (!hasFiles)
    context.print('It holds the database alone: images, stored copies and the key stay as they are.')
  for (const issue of inFlight)
    context.print(`${issue} was in flight then; “onrecord status ${issue}” says how far.`)
  if (unknown > 0)
    context.print(
      `${number(unknown)} deliveries were being sent at that moment: unknown now, and not mailed again.`,
    )
  for (const line of HELD) context.print(line)
  return exit.done
}

/** PostgreSQL puts its own copies back. */
function ownTools({ label }: PostgresAddress): OnrecordError {
  return new OnrecordError(
    'refused',
    `The store is ${label}: PostgreSQL’s own tools put a backup of it back.`,
    {
      hint: 'end every worker and “serve”; createdb onrecord_back and pg_restore --single-transaction --dbname=onrecord_back onrecord.dump; let DATABASE_URL name that database; then “onrecord restore --dumped-at <time>”, which holds real sends until you have looked',
    },
  )
}

/** After `pg_restore` nobody knows what was sent since the dump, either. */
async function hold(context: Context, dumpedAt: string): Promise<ExitCode> {
  const { database } = context.config()
  if (database.kind === 'sqlite')
    throw new OnrecordError(
      'usage',
      '--dumped-at is for PostgreSQL: “onrecord restore <backup>” restores here.',
    )
  const at = Date.parse(dumpedAt)
  if (Number.isNaN(at) || at > Date.now())
    throw new OnrecordError('usage', `“${dumpedAt}” is no time that has been.`, {
      hint: 'such as 2026-01-31T03:00Z; “pg_restore --list” says when a dump was made',
    })
  const { holdRestored } = await import('../store/postgres/migrate-store.ts')
  await holdRestored(database.url, at)
  if (context.options.json) context.print(JSON.stringify({ backupAt: new Date(at).toISOString() }))
  else
    for (const line of [`${database.label} was put back from a dump of ${moment(at)}.`, ...HELD])
      context.print(line)
  return exit.done
}

/** The database is another one, and all the same nothing was lost on the way. */
async function settle(context: Context, yes: boolean): Promise<ExitCode> {
  const { database } = context.config()
  if (database.kind === 'sqlite')
    throw new OnrecordError('usage', '--moved is for PostgreSQL: a SQLite file may lie anywhere.')
  const question = `Was everything ended before ${database.label} was copied there, so that nothing was sent or changed since?`
  if (!yes && !(await context.confirm(question)))
    throw new OnrecordError('refused', 'Sending stays held.', {
      hint: 'answer “y” on a terminal, or give --yes; if not, “onrecord restore --dumped-at <time of the copy>”',
    })
  const { settleHere } = await import('../store/postgres/migrate-store.ts')
  const moved = await settleHere(database.url)
  if (context.options.json) context.print(JSON.stringify({ moved }))
  else
    context.print(
      moved ? `The publication is used in ${database.label} from now on.` : 'It was not moved: it is in use.',
    )
  return exit.done
}

/** Every issue may be sent again as if there had been no restore. */
async function confirm(context: Context, yes: boolean): Promise<ExitCode> {
  const { deliveries } = await context.app()
  const mark = await deliveries.restored()
  if (mark === null) {
    if (context.options.json) context.print(JSON.stringify({ confirmed: false }))
    else context.print('No restore waits to be confirmed.')
    return exit.done
  }
  const question = `Send again as if nothing had been sent after ${moment(mark.backupAt)}, the moment of the backup? Whoever was mailed an issue since then would get it again when it is sent.`
  if (!yes && !(await context.confirm(question)))
    throw new OnrecordError('refused', 'Sending stays held.', {
      hint: 'answer “y” on a terminal, or give --yes; “onrecord send <issue> --after-restore” frees one issue alone',
    })
  await deliveries.confirmRestored(null)
  if (context.options.json) context.print(JSON.stringify({ confirmed: true }))
  else context.print('Sending goes on.')
  return exit.done
}
