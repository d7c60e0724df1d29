import { closeSync, mkdirSync, openSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { systemClock, type Clock } from '../core/clock.ts'
import { keepBefore } from './keep-before.ts'
import { migrate } from './migrate.ts'
import { migrations } from './migrations/index.ts'
import { refuseMoved } from './moved.ts'
import { sqliteCode, storeTrouble } from './trouble.ts'

/** One open SQLite store. Synchronous: whoever builds on it gives its own callers promises. */
export interface Database {
  /** Absolute, or `:memory:`. */
  readonly file: string
  readonly clock: Clock
  /**
   * A statement, compiled once and kept for the connection's lifetime. One that writes runs in a transaction: in the one that is
   * open, or in one of its own, which refuses what `transaction` does.
   */
  prepare(sql: string): StatementSync
  /** Runs statements without keeping them: pragmas, which act when they are compiled and not when they are run. */
  exec(sql: string): void
  /**
   * Runs `work` in one transaction that has the writer's lock from its start, and commits it
   * durably; rolls back what threw. A call inside another one joins it. Await nothing inside.
   * @throws OnrecordError `refused` where the publication was moved to another store
   */
  transaction<T>(work: () => T): T
  /** How many transactions this connection has committed: while it stays, it has changed nothing by one. */
  readonly commits: number
  close(): void
}

/** A send writes the same few pages again and again: copied back every 16 MB instead of every 4. */
export const usualCheckpoint = 'pragma wal_autocheckpoint = 4000'

/** How long a write waits for another process's, in milliseconds. */
const BUSY_TIMEOUT = 10_000

/** Every statement of ours that changes rows begins so. */
const WRITES = /^\s*(?:insert|update|delete|replace)\b/i

/** SQLITE_BUSY. */
const BUSY = 5

/**
 * Opens the store, makes it where there is none, and brings its schema up to date, with a copy of what
 * was there kept first.
 * Committed means on the disk: write-ahead log, `synchronous=full`.
 * @throws OnrecordError `io` when it cannot be opened, `config` when a newer version wrote it
 */
export function openDatabase(file: string, clock: Clock = systemClock): Database {
  const connection = connect(file)
  try {
    configure(connection, file)
    if (file !== ':memory:') keepBefore(connection, migrations, file, clock)
    migrate(connection, migrations, clock)
  } catch (error) {
    connection.close()
    throw error
  }
  return wrap(connection, file, clock)
}

function connect(file: string): DatabaseSync {
  if (file !== ':memory:') makeOwn(file)
  for (;;) {
    const before = fileId(file)
    let connection: DatabaseSync | null = null
    try {
      connection = new DatabaseSync(file, { timeout: BUSY_TIMEOUT, enableForeignKeyConstraints: true })
      // Waits while a restore exchanges the file; then this one may be the former.
      connection.prepare('select 1 from sqlite_schema limit 1').get()
      if (before === null || fileId(file) === before) return connection
      connection.close()
    } catch (error) {
      connection?.close()
      throw storeTrouble(error, file) ?? error
    }
  }
}

/** A new store holds addresses: whoever runs this reads it, and nobody else on the machine. */
function makeOwn(file: string): void {
  mkdirSync(dirname(file), { recursive: true })
  try {
    closeSync(openSync(file, 'a', 0o600))
  } catch {
    // SQLite says in its own words why it cannot be opened.
  }
}

function fileId(file: string): bigint | null {
  return statSync(file, { bigint: true, throwIfNoEntry: false })?.ino ?? null
}

function configure(connection: DatabaseSync, file: string): void {
  const deadline = Date.now() + BUSY_TIMEOUT
  for (;;) {
    try {
      connection.exec('pragma journal_mode = wal; pragma synchronous = full')
      // What is erased is overwritten, not only unlinked; 16 MB keep the indexes of a long list at hand.
      connection.exec('pragma secure_delete = on; pragma cache_size = -16000')
      connection.exec(usualCheckpoint)
      return
    } catch (error) {
      // The change to WAL needs the file alone and does not wait by itself, as writes do.
      if (sqliteCode(error) !== BUSY || Date.now() > deadline) throw storeTrouble(error, file) ?? error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)
    }
  }
}

function wrap(connection: DatabaseSync, file: string, clock: Clock): Database {
  const statements = new Map<string, StatementSync>()
  const begin = connection.prepare('begin immediate')
  const commit = connection.prepare('commit')
  let commits = 0
  const prepare = (sql: string): StatementSync => {
    const known = statements.get(sql)
    if (known !== undefined) return known
    const statement = connection.prepare(sql)
    if (WRITES.test(sql))
      Object.assign(statement, {
        run: inTransaction(statement.run.bind(statement)),
        get: inTransaction(statement.get.bind(statement)),
        all: inTransaction(statement.all.bind(statement)),
      })
    statements.set(sql, statement)
    return statement
  }
  const transaction = <T>(work: () => T): T => {
    if (connection.isTransaction) return work()
    try {
      begin.run()
      // It may have been moved while this process had it open.
      refuseMoved({ prepare }, file)
      const result = work()
      commit.run()
      commits++
      return result
    } catch (error) {
      // A full disk may already have rolled it back.
      if (connection.isTransaction) connection.exec('rollback')
      throw storeTrouble(error, file) ?? error
    }
  }
  const inTransaction =
    <A extends unknown[], T>(run: (...values: A) => T) =>
    (...values: A): T =>
      connection.isTransaction ? run(...values) : transaction(() => run(...values))
  return {
    get commits() {
      return commits
    },
    file,
    clock,
    prepare,
    exec: (sql) => connection.exec(sql),
    transaction,
    close() {
      if (connection.isOpen) connection.close()
    },
  }
}
