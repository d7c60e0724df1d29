import { DatabaseSync } from 'node:sqlite'
import { OnrecordError } from '../core/errors.ts'
import { countOf } from './open-as-is.ts'
import type { Migration } from './migrations/index.ts'

/**
 * Reads a whole store and checks that it is one: pages and indexes, foreign keys, and that the states
 * of every sealed round add up to its total.
 * @throws OnrecordError `refused` that says what is wrong with `file`
 */
export function verifyStore(connection: DatabaseSync, file: string, step: number): void {
  const wrong = firstFault(connection, step)
  if (wrong === null) return
  throw new OnrecordError('refused', `${file} is damaged: ${wrong}.`, {
    hint: 'use another backup; “sqlite3 <file> .recover” may save parts of this one',
  })
}

function firstFault(connection: DatabaseSync, step: number): string | null {
  const integrity = String(Object.values(connection.prepare('pragma integrity_check(1)').get() ?? {})[0])
  if (integrity !== 'ok') return integrity
  const foreign = connection.prepare('pragma foreign_key_check').get()
  if (foreign !== undefined) return `a row of ${String(foreign['table'])} refers to one that is not there`
  if (step < 2) return null
  const uneven = connection
    .prepare(
      `select issue, total, (select count(*) from delivery d where d.round_id = round.id) as rows
       from round where total is not null and total <> rows`,
    )
    .get()
  if (uneven === undefined) return null
  return `${String(uneven['issue'])} was sealed with ${String(uneven['total'])} deliveries and has ${String(uneven['rows'])}`
}

/**
 * Whether the tables, indexes and triggers are those that `migrations` make up to `step`: a file from
 * elsewhere must not bring triggers or views of its own.
 * @returns the first thing that differs, or null
 */
export function foreignSchema(
  connection: DatabaseSync,
  migrations: readonly Migration[],
  step: number,
): string | null {
  const model = new DatabaseSync(':memory:')
  try {
    for (const migration of migrations) if (migration.number <= step) model.exec(migration.sql)
    const expected = schemaOf(model)
    const found = schemaOf(connection)
    for (const [name, sql] of found)
      if (expected.get(name) !== sql) return expected.has(name) ? `${name} is another` : `${name} is foreign`
    for (const name of expected.keys()) if (!found.has(name)) return `${name} is missing`
    return null
  } finally {
    model.close()
  }
}

/** Tables by their columns (SQLite rewrites their text when one is added), the rest, virtual tables too, by its text. */
function schemaOf(connection: DatabaseSync): ReadonlyMap<string, string> {
  const ours = /^(migration|backup|backup_file|sqlite_.*)$/
  const schema = new Map<string, string>()
  for (const row of connection.prepare('select type, name, sql from sqlite_schema').all()) {
    const name = String(row['name'])
    if (ours.test(name) && row['type'] !== 'trigger' && row['type'] !== 'view') continue
    const text =
      row['type'] === 'table' && !/^create virtual/i.test(String(row['sql']))
        ? JSON.stringify(
            connection.prepare('select name, type, "notnull", pk from pragma_table_xinfo(?)').all(name),
          )
        : String(row['sql']).replaceAll(/\s+/g, ' ')
    schema.set(`${String(row['type'])} ${name}`, text)
  }
  return schema
}

/** The step of a store's schema; 0 where it has none. */
export function schemaStep(connection: DatabaseSync): number {
  const there = countOf(
    connection,
    "select count(*) from sqlite_schema where type = 'table' and name = 'migration'",
  )
  return there === 0 ? 0 : countOf(connection, 'select coalesce(max(number), 0) from migration')
}
