import { DatabaseSync } from 'node:sqlite'

/** Reads or changes rows of an open SQLite store in ways that no store offers, over a connection of its own. */
export function inFile<T>({ label }: { readonly label: string }, work: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(label, { timeout: 10_000 })
  try {
    return work(database)
  } finally {
    database.close()
  }
}
