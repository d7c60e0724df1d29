import { writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { keepFile, listBackupFiles, syncPath } from './backup-files.ts'
import { refuseNewer } from './migrate.ts'
import { migrations } from './migrations/index.ts'
import { countOf, openAsIs } from './open-as-is.ts'
import { sqliteCode, storeTrouble } from './trouble.ts'
import { schemaStep, verifyStore } from './verify.ts'

/** What is copied, and where to. */
export interface CopyJob {
  readonly kind: 'copy'
  readonly store: string
  /** Null: the database alone. */
  readonly dataDir: string | null
  /** Must not be there yet; the caller gives it its name when it is whole. */
  readonly part: string
  /** Milliseconds since the epoch. */
  readonly at: number
}

/** What a copy holds. */
export interface Copied {
  /** The step of its schema. */
  readonly step: number
  readonly people: number
  readonly deliveries: number
  readonly files: number
  /** Whether the key is in it; it is not where SECRET_KEY is set. */
  readonly hasKey: boolean
}

/** How far a long step is. */
export interface Advance {
  readonly phase: 'copying' | 'files' | 'checking' | 'migrating'
  readonly done: number
  readonly total: number
}

export type Report = (advance: Advance) => void

/**
 * Copies a store that others go on using: `vacuum into` reads one moment of it and holds up no writer.
 * The copy is read back and checked whole, and is on the disk when this returns.
 */
export function copyStore(job: CopyJob, report: Report): Copied {
  const { store, dataDir, part, at } = job
  // It holds everybody's address and the key: nobody else may read it, from its first octet on.
  writeFileSync(part, '', { mode: 0o600, flag: 'wx' })
  const source = openAsIs(store)
  try {
    refuseNewer(schemaStep(source), migrations.length)
    source.prepare('vacuum into ?').run(part)
  } catch (error) {
    // Not writable, an error of the disk, full, cannot be opened: that is the copy's disk.
    const copyFails = [8, 10, 13, 14].includes(sqliteCode(error) ?? 0)
    throw (copyFails ? storeTrouble(error, part, 'The copy') : storeTrouble(error, store)) ?? error
  } finally {
    source.close()
  }
  // Nothing of a copy that was cut off is ever used: it needs no journal, and one sync at its end.
  const copy = new DatabaseSync(part, { enableForeignKeyConstraints: true })
  try {
    copy.exec(`pragma journal_mode = off; pragma synchronous = off;
      create table backup (made_at integer not null);
      create table backup_file (path text primary key, sha256 text not null, bytes blob not null);`)
    copy.prepare('insert into backup (made_at) values (?)').run(at)
    // After the database: every image that it shows is there by now.
    const files = dataDir === null ? [] : listBackupFiles(dataDir)
    for (const [index, path] of files.entries()) {
      report({ phase: 'files', done: index, total: files.length })
      keepFile(copy, dataDir ?? '', path)
    }
    report({ phase: 'checking', done: 0, total: 0 })
    const step = schemaStep(copy)
    verifyStore(copy, part, step)
    return {
      step,
      people: step < 1 ? 0 : countOf(copy, 'select count(*) from subscriber'),
      deliveries: step < 2 ? 0 : countOf(copy, 'select count(*) from delivery'),
      files: files.length,
      hasKey: files.includes('secret.key'),
    }
  } catch (error) {
    throw storeTrouble(error, part, 'The copy') ?? error
  } finally {
    copy.close()
    syncPath(part)
  }
}
