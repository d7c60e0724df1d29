import type { DatabaseSync } from 'node:sqlite'
import type { Clock } from '../core/clock.ts'
import { OnrecordError, messageOf } from '../core/errors.ts'
import type { Migration } from './migrations/index.ts'
import { stepHash, type TakenStep } from './step-hash.ts'

/**
 * Brings the schema up to the last of `migrations`: forward only, each step in a transaction of
 * its own, so that a process killed half-way leaves whole steps. Two processes may do it at once.
 * @throws OnrecordError `config` when the store was written by a newer version; `io` when a step fails
 */
export function migrate(connection: DatabaseSync, migrations: readonly Migration[], clock: Clock): void {
  const newest = migrations.at(-1)?.number ?? 0
  // The usual case is a store that is up to date: see that without taking the writer's lock.
  if (hasMigrationTable(connection) && refuseNewer(version(connection), newest) === newest) return
  for (const migration of migrations) step(connection, migration, newest, clock)
}

function step(connection: DatabaseSync, migration: Migration, newest: number, clock: Clock): void {
  // Immediate: the version is read under the writer's lock, so another process cannot be at the same step.
  connection.exec('begin immediate')
  try {
    connection.exec(
      'create table if not exists migration (number integer primary key, name text not null, applied_at integer not null, hash text)',
    )
    if (refuseNewer(version(connection), newest) < migration.number) {
      // A former version made the table without it.
      if (!keepsHashes(connection)) connection.exec('alter table migration add column hash text')
      connection.exec(migration.sql)
      connection
        .prepare('insert into migration (number, name, applied_at, hash) values (?, ?, ?, ?)')
        .run(migration.number, migration.name, clock.now(), stepHash(migration))
    }
    connection.exec('commit')
  } catch (error) {
    connection.exec('rollback')
    if (error instanceof OnrecordError) throw error
    throw new OnrecordError(
      'io',
      `The store could not be brought to step ${migration.number} (${migration.name}): ${messageOf(error)}.`,
      { cause: error, hint: 'nothing of that step was kept; check the disk, then run the command again' },
    )
  }
}

function hasMigrationTable(connection: DatabaseSync): boolean {
  return (
    connection.prepare("select 1 from sqlite_schema where type = 'table' and name = 'migration'").get() !==
    undefined
  )
}

function keepsHashes(connection: DatabaseSync): boolean {
  return (
    connection.prepare("select 1 from pragma_table_info('migration') where name = 'hash'").get() !== undefined
  )
}

/** The steps that a store took, whose schema is left as it is. */
export function takenSteps(connection: DatabaseSync): readonly TakenStep[] {
  if (!hasMigrationTable(connection) || !keepsHashes(connection)) return []
  return connection
    .prepare('select number, hash from migration')
    .all()
    .map(({ number, hash }) => ({ number: Number(number), hash: hash === null ? null : String(hash) }))
}

function version(connection: DatabaseSync): number {
  return Number(
    connection.prepare('select coalesce(max(number), 0) as number from migration').get()?.['number'],
  )
}

/** @throws OnrecordError `config` when a newer version wrote the store */
export function refuseNewer(found: number, newest: number): number {
  if (found <= newest) return found
  throw new OnrecordError(
    'config',
    `The store was written by a newer Onrecord: its schema is at step ${found}, this version knows ${newest}.`,
    { hint: 'install the newer version again, or restore a backup made before the upgrade' },
  )
}
