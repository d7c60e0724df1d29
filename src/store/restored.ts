import type { DeliveryStore, Restored } from '../delivery/store.ts'
import type { Database } from './sqlite.ts'

const MARK = 'restored'

/** The mark that a restored store carries until a person has said of every issue that sending may go on. */
export function openRestoredMark(database: Database): Pick<DeliveryStore, 'restored' | 'confirmRestored'> {
  const read = (): Restored | null => readRestored(database)
  return {
    restored: async () => read(),
    async confirmRestored(issue) {
      database.transaction(() => {
        const mark = read()
        if (mark === null) return
        if (issue === null) database.prepare('delete from mark where name = ?').run(MARK)
        else if (!mark.confirmed.includes(issue))
          markRestored(database, { ...mark, confirmed: [...mark.confirmed, issue] })
      })
    },
  }
}

/** The mark, or null where there is none. */
export function readRestored(database: Pick<Database, 'prepare'>): Restored | null {
  const value = database.prepare('select value from mark where name = ?').get(MARK)?.['value']
  // Written by `markRestored` and below.
  return typeof value === 'string' ? (JSON.parse(value) as Restored) : null
}

/** Marks the store as put back from a backup: no real send goes on before `confirmRestored`. */
export function markRestored(database: Pick<Database, 'prepare'>, mark: Restored): void {
  database
    .prepare(
      `insert into mark (name, value, set_at) values (?, ?, ?)
       on conflict (name) do update set value = excluded.value`,
    )
    .run(MARK, JSON.stringify(mark), mark.restoredAt)
}
