import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { systemClock, type Clock } from '../core/clock.ts'
import { OnrecordError, messageOf } from '../core/errors.ts'
import { migrate } from './migrate.ts'
import { migrations } from './migrations/index.ts'

/** One open SQLite store. Synchronous: whoever builds on it gives its own callers promises. */
export interface Database {
  /** Absolute, or `:memory:`. */
  readonly file: string
  readonly clock: Clock
  /** A statement, compiled once and kept for the connection's lifetime. */
  prepare(sql: string): StatementSync
  /**
   * Runs `work` in one transaction that has the writer's lock from its start, and commits it
   * durably; rolls back what threw. A call inside another one joins it. Await nothing inside.
   */
  transaction<T>(work: () => T): T
  close(): void
}

/** How long a write waits for another process's, in milliseconds. */
const BUSY_TIMEOUT = 10_000

/**
 * Opens the store, makes it where there is none, and brings its schema up to date.
 * Committed means on the disk: write-ahead log, `synchronous=full`.
 * @throws OnrecordError `io` when it cannot be opened, `config` when a newer version wrote it
 */
export function openDatabase(file: string, clock: Clock = systemClock): Database {
  const connection = connect(file)
  try {
    configure(connection, file)
    migrate(connection, migrations, clock)
  } catch (error) {
    connection.close()
    throw error
  }
  return wrap(connection, file, clock)
}

function connect(file: string): DatabaseSync {
  try {
    if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true })
    return new DatabaseSync(file, { timeout: BUSY_TIMEOUT, enableForeignKeyConstraints: true })
  } catch (error) {
    throw cannotOpen(file, error)
  }
}

function configure(connection: DatabaseSync, file: string): void {
  const deadline = Date.now() + BUSY_TIMEOUT
  for (;;) {
    try {
      connection.exec('pragma journal_mode = wal; pragma synchronous = full')
      // What is erased is overwritten, not only unlinked; 16 MB keep the indexes of a long list at hand.
      connection.exec('pragma secure_delete = on; pragma cache_size = -16000')
      return
    } catch (error) {
      // The change to WAL needs the file alone and does not wait by itself, as writes do.
      if (!isBusy(error) || Date.now() > deadline) throw cannotOpen(file, error)
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)
    }
  }
}

function wrap(connection: DatabaseSync, file: string, clock: Clock): Database {
  const statements = new Map<string, StatementSync>()
  return {
    file,
    clock,
    prepare(sql) {
      let statement = statements.get(sql)
      if (statement === undefined) {
        statement = connection.prepare(sql)
        statements.set(sql, statement)
      }
      return statement
    },
    transaction(work) {
      if (connection.isTransaction) return work()
      try {
        connection.exec('begin immediate')
        const result = work()
        connection.exec('commit')
        return result
      } catch (error) {
        // A full disk may already have rolled it back.
        if (connection.isTransaction) connection.exec('rollback')
        throw forPeople(error, file)
      }
    },
    close() {
      if (connection.isOpen) connection.close()
    },
  }
}

function cannotOpen(file: string, cause: unknown): OnrecordError {
  return new OnrecordError('io', `The store ${file} cannot be opened: ${messageOf(cause)}.`, {
    cause,
    hint: 'DATABASE_URL says where it is; check that its folder can be written and that it is an SQLite file',
  })
}

/** What the operator can mend, said so; a fault of ours stays what it is. Codes of sqlite3.h. */
function forPeople(error: unknown, file: string): unknown {
  const say = (what: string, hint: string): OnrecordError =>
    new OnrecordError('io', `The store ${file} ${what}.`, { cause: error, hint })
  switch (primaryCode(error)) {
    case 5: // busy
      return say('is busy with another process for too long', 'run the command again when that one has ended')
    case 8: // readonly
      return say('cannot be written', 'check who owns it and its folder')
    case 10: // ioerr
      return say('met an error of the disk', 'nothing of this step was kept; check the disk')
    case 11: // corrupt
    case 26: // notadb
      return say('is damaged', 'restore the last backup')
    case 13: // full
      return say('has no room: the disk is full', 'nothing of this step was kept; make room and run it again')
    default:
      return error
  }
}

function isBusy(error: unknown): boolean {
  return primaryCode(error) === 5
}

/** SQLite's result code without its extension, which is above the low byte; null for other errors. */
function primaryCode(error: unknown): number | null {
  return error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : null
}
