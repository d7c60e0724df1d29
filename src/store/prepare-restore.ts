import { chmodSync, copyFileSync, existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { OnrecordError } from '../core/errors.ts'
import { putFiles, syncPath, type Staged } from './backup-files.ts'
import type { Report } from './copy-store.ts'
import { migrate, refuseNewer } from './migrate.ts'
import { migrations } from './migrations/index.ts'
import { countOf, openAsIs } from './open-as-is.ts'
import { markRestored } from './restored.ts'
import { sqliteCode, storeTrouble } from './trouble.ts'
import { foreignSchema, schemaStep, verifyStore } from './verify.ts'

/** A backup that is made ready to be the store. */
export interface PrepareJob {
  readonly kind: 'prepare'
  readonly backup: string
  readonly dataDir: string
  /** Beside the store; the caller gives it the store's name when it is ready. */
  readonly part: string
  /** Ends the names of files that wait for the same moment. */
  readonly suffix: string
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** What a backup holds. */
export interface Prepared {
  /** When it was made; of a store that was copied otherwise, when anything last changed in it. */
  readonly backupAt: number
  /** The step of its schema before it was brought up to date. */
  readonly step: number
  readonly people: number
  /** Issues whose sending had not ended in it. */
  readonly inFlight: readonly string[]
  /** Deliveries of which the backup cannot say whether they went out; they are held. */
  readonly unknown: number
  /** False: a database alone, such as the one that a restore had kept. */
  readonly hasFiles: boolean
  readonly staged: readonly Staged[]
}

/**
 * Copies a backup beside the store, checks it whole, brings its schema up to date, and marks it, so that
 * no real send goes on before a person has said so.
 * @throws OnrecordError `refused` for what is damaged or is no backup; `config` when a newer version made it
 */
export function prepareRestore(job: PrepareJob, report: Report): Prepared {
  const { backup, dataDir, part, suffix, now } = job
  refuseLive(backup)
  mkdirSync(dirname(part), { recursive: true })
  report({ phase: 'copying', done: 0, total: 0 })
  copyFileSync(backup, part)
  chmodSync(part, 0o600)
  const connection = openCopy(job)
  try {
    connection.exec('pragma trusted_schema = off; pragma cell_size_check = on; pragma secure_delete = on')
    report({ phase: 'checking', done: 0, total: 0 })
    const step = schemaStep(connection)
    if (step === 0) throw notOurs(backup, 'it has no table of ours')
    refuseNewer(step, migrations.length)
    const foreign = foreignSchema(connection, migrations, step)
    if (foreign !== null) throw notOurs(backup, foreign)
    verifyStore(connection, backup, step)
    const hasFiles = hasTable(connection, 'backup_file')
    const backupAt = hasTable(connection, 'backup')
      ? countOf(connection, 'select made_at from backup')
      : lastChange(connection, step)
    const staged = hasFiles ? putFiles(connection, dataDir, suffix) : []
    connection.exec('drop table if exists backup; drop table if exists backup_file')
    report({ phase: 'migrating', done: 0, total: 0 })
    migrate(connection, migrations, { now: () => now })
    const unknown = settle(connection, backupAt, now)
    const inFlight = connection
      .prepare(
        "select distinct issue from round where kind = 'real' and state in ('freezing', 'sending', 'paused')",
      )
      .all()
      .map((row) => String(row['issue']))
    // Drops what the files took, the key among it; leaves one file without a journal.
    connection.exec('vacuum; pragma journal_mode = delete')
    const people = countOf(connection, 'select count(*) from subscriber')
    return { backupAt, step, people, inFlight, unknown, hasFiles, staged }
  } catch (error) {
    throw copyTrouble(error, job)
  } finally {
    connection.close()
    syncPath(part)
  }
}

function openCopy(job: PrepareJob): DatabaseSync {
  try {
    return openAsIs(job.part)
  } catch (error) {
    throw copyTrouble(error, job)
  }
}

/** What is wrong with the copy: the backup is damaged, or this disk has a fault. */
function copyTrouble(error: unknown, { backup, part }: PrepareJob): unknown {
  const cause = error instanceof OnrecordError ? (error.cause ?? error) : error
  const code = sqliteCode(cause)
  if (code === 11 || code === 26) return notOurs(backup, 'it is no database, or damaged')
  return storeTrouble(cause, part, 'The copy') ?? error
}

/**
 * What a sender had in its hands when the backup was made may have gone out since: held, as after a crash.
 * Nobody is sending it now. Nobody is logged in, and no letter waits.
 */
function settle(connection: DatabaseSync, backupAt: number, now: number): number {
  connection.exec('begin immediate')
  const { changes } = connection
    .prepare(
      `update delivery set state = 'unknown', updated_at = ?,
         reply = 'it was being sent when the backup was made that this store was restored from'
       where state in ('claimed', 'on_wire') and round_id in (select id from round where kind = 'real')`,
    )
    .run(now)
  connection
    .prepare(
      "update round set state = 'paused', reason = 'restored from a backup' where kind = 'real' and state in ('freezing', 'sending')",
    )
    .run()
  // Since the backup they may have logged out or moved, the letters were sent, the links were pressed.
  for (const table of ['session', 'one_time_token', 'address_change', 'letter'])
    connection.prepare(`delete from ${table}`).run()
  markRestored(connection, { backupAt, restoredAt: now, confirmed: [] })
  connection.exec('commit')
  return Number(changes)
}

/** A store in use keeps its latest changes in a log beside it, so that a copy of the one file is not whole. */
function refuseLive(backup: string): void {
  if (statSync(backup).isDirectory()) throw notOurs(backup, 'it is a folder')
  const log = `${backup}-wal`
  if (!existsSync(log) || statSync(log).size === 0) return
  throw new OnrecordError(
    'refused',
    `${backup} is no backup but a store that is in use, or was copied with its log.`,
    {
      hint: `“onrecord backup <file>” makes a backup; of a copy by hand, “sqlite3 ${backup} 'pragma journal_mode=delete'” first takes up its log`,
    },
  )
}

function notOurs(backup: string, why: string): OnrecordError {
  return new OnrecordError('refused', `${backup} is no backup of Onrecord: ${why}.`, {
    hint: 'name a file that “onrecord backup” made',
  })
}

function hasTable(connection: DatabaseSync, name: string): boolean {
  return countOf(connection, "select count(*) from sqlite_schema where type = 'table' and name = ?", name) > 0
}

function lastChange(connection: DatabaseSync, step: number): number {
  const people = countOf(connection, 'select coalesce(max(updated_at), 0) from subscriber')
  if (step < 2) return people
  const mail = countOf(connection, 'select coalesce(max(updated_at), 0) from delivery')
  return Math.max(people, mail, countOf(connection, 'select coalesce(max(started_at), 0) from round'))
}
