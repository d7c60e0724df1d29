import { randomBytes } from 'node:crypto'
import { chmodSync, chownSync, existsSync, linkSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { OnrecordError } from '../core/errors.ts'
import { runApart, type ApartOptions } from './apart.ts'
import { syncPath, type Staged } from './backup-files.ts'
import { openAsIs } from './open-as-is.ts'
import type { Prepared } from './prepare-restore.ts'
import { lockSender } from './sender-lock.ts'
import { sqliteCode } from './trouble.ts'

export interface RestoreOptions extends ApartOptions {
  /** The database's file; need not be there. */
  readonly store: string
  readonly dataDir: string
  readonly backup: string
  /** Milliseconds since the epoch. */
  readonly now: number
}

export interface Restoration extends Omit<Prepared, 'staged'> {
  readonly store: string
  /** Where the former store is now, or null: there was none. */
  readonly kept: string | null
  /** Files of data/ that were replaced, under their new names. */
  readonly keptFiles: readonly string[]
}

/**
 * Puts a backup in the place of the store. The former one stays beside it. Until the last moment nothing
 * of it is touched; then one rename decides, and whatever stops this leaves one or the other, whole.
 * @throws OnrecordError `refused` while a send or another process has the store open, and for what is no
 *   backup; `config` when a newer version made it
 */
export async function restoreStore(options: RestoreOptions): Promise<Restoration> {
  const { store, dataDir, backup, now, signal, onAdvance } = options
  if (!existsSync(backup)) throw new OnrecordError('not-found', `There is no file ${backup}.`)
  if (resolve(backup) === resolve(store))
    throw new OnrecordError('refused', `${backup} is the store itself.`, { hint: 'name the backup' })
  const lock = lockSender(join(dataDir, 'sender.lock'))
  if (lock === null)
    throw new OnrecordError('refused', 'A send is going on: its record must not be exchanged under it.', {
      hint: '“onrecord send <issue> --pause” ends it, as Ctrl-C does where it runs; then run this again',
    })
  const suffix = `.${randomBytes(4).toString('hex')}.part`
  const part = `${store}${suffix}`
  let staged: readonly Staged[] = []
  try {
    // To tell now, and not after the long part; taken again for the exchange.
    takeAlone(store)?.close()
    const prepared = await runApart(
      { kind: 'prepare', backup, dataDir, part, suffix, now },
      { signal, onAdvance },
    )
    staged = prepared.staged
    const { staged: _, ...rest } = prepared
    return { ...rest, store, ...exchange(store, part, staged, `.before-restore-${stamp(now)}`) }
  } finally {
    const left = [
      ...staged.map(({ from }) => from),
      join(dataDir, `secret.key${suffix}`),
      join(dataDir, `links.json${suffix}`),
    ]
    for (const file of [...left, part, `${part}-wal`, `${part}-shm`, `${part}-journal`])
      rmSync(file, { force: true })
    lock.release()
  }
}

/** The key goes with its store: both change place while nobody else can open the one. */
function exchange(
  store: string,
  part: string,
  staged: readonly Staged[],
  suffix: string,
): Pick<Restoration, 'kept' | 'keptFiles'> {
  const alone = takeAlone(store)
  try {
    const keptFiles: string[] = []
    for (const { from, to } of staged) {
      if (existsSync(to)) {
        ownAs(from, to)
        keepBeside(to, suffix)
        keptFiles.push(`${to}${suffix}`)
      }
      renameSync(from, to)
    }
    const kept = existsSync(store) ? `${store}${suffix}` : null
    // Of a store that cannot be read any more the log stays with it, for whoever tries to save it.
    for (const log of ['-wal', '-shm', '-journal'])
      if (existsSync(`${store}${log}`)) renameSync(`${store}${log}`, `${store}${suffix}${log}`)
    if (kept !== null) {
      ownAs(part, store)
      keepBeside(store, suffix)
    }
    renameSync(part, store)
    for (const folder of new Set([store, ...staged.map(({ to }) => to)].map((file) => dirname(file))))
      syncPath(folder)
    return { kept, keptFiles }
  } finally {
    alone?.close()
  }
}

/** Whoever could use the former file can use the new one, also when root restores for a service. */
function ownAs(file: string, former: string): void {
  const { uid, gid, mode } = statSync(former)
  chmodSync(file, mode & 0o777)
  try {
    chownSync(file, uid, gid)
  } catch {
    // Only root may give a file away; for anybody else it is their own.
  }
}

/** A second name for what is there, so that its first never points to nothing. */
function keepBeside(file: string, suffix: string): void {
  try {
    linkSync(file, `${file}${suffix}`)
  } catch {
    // A disk that knows no links.
    renameSync(file, `${file}${suffix}`)
  }
}

/**
 * Takes the store for this process alone: its log is taken up into it, and nobody else can read or write
 * it before `close`. Null where there is none, or it is too damaged for SQLite to open.
 * @throws OnrecordError `refused` while another process has it open
 */
function takeAlone(store: string): DatabaseSync | null {
  if (!existsSync(store)) return null
  let connection: DatabaseSync | null = null
  try {
    connection = openAsIs(store, { timeout: 500 })
    // SQLite leaves the write-ahead log only to a process that is alone.
    connection.exec('pragma journal_mode = delete; pragma locking_mode = exclusive; begin exclusive')
    return connection
  } catch (error) {
    connection?.close()
    const cause = error instanceof OnrecordError ? error.cause : error
    const code = sqliteCode(cause)
    // Damaged, or no database: it goes out of the way as it is.
    if (code === 11 || code === 26) return null
    if (code !== 5) throw error
    throw new OnrecordError('refused', `The store ${store} is open in another process.`, {
      hint: 'end “onrecord serve”, “onrecord worker”, “onrecord preview” and whatever else uses it, then run this again',
      cause,
    })
  }
}

/** 2026-11-22T034412Z: without colons, for the names of files everywhere. */
export function stamp(at: number): string {
  return new Date(at)
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '')
}
