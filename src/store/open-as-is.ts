import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { OnrecordError } from '../core/errors.ts'
import { storeTrouble } from './trouble.ts'

/**
 * Opens a store file that is there, its schema left at the step where it stands.
 * @throws OnrecordError `not-found` where there is none; `io` when it cannot be read or is no database
 */
export function openAsIs(file: string, options: { readonly timeout?: number } = {}): DatabaseSync {
  if (!existsSync(file))
    throw new OnrecordError('not-found', `There is no store ${file}.`, {
      hint: 'the first command that needs one makes it',
    })
  let connection: DatabaseSync | null = null
  try {
    connection = new DatabaseSync(file, { timeout: options.timeout ?? 10_000 })
    // Reads the header and, after a crash, the write-ahead log.
    connection.prepare('select 1 from sqlite_schema limit 1').get()
    return connection
  } catch (error) {
    connection?.close()
    throw storeTrouble(error, file) ?? error
  }
}

/** The first column of the first row as a number; 0 where there is none. */
export function countOf(connection: DatabaseSync, sql: string, ...values: (string | number)[]): number {
  return Number(Object.values(connection.prepare(sql).get(...values) ?? {})[0] ?? 0)
}
