import type { DeliveryStore, Restored } from '../../delivery/store.ts'
import { refuseElsewhere } from './home.ts'
import type { Connection, Postgres } from './pool.ts'

const MARK = 'restored'

/** The mark that a store carries which was put back from a backup; see src/store/restored.ts. */
export function openRestoredMark(database: Postgres): Pick<DeliveryStore, 'restored' | 'confirmRestored'> {
  return {
    async restored() {
      await refuseElsewhere(database, database.label)
      return readRestored(database)
    },
    confirmRestored: (issue) =>
      database.transaction(async (connection) => {
        const mark = await readRestored(connection, 'for update')
        if (mark === null) return
        if (issue === null) await connection.run('delete from mark where name = $1', [MARK])
        else if (!mark.confirmed.includes(issue)) {
          const value = JSON.stringify({ ...mark, confirmed: [...mark.confirmed, issue] })
          await connection.run('update mark set value = $2 where name = $1', [MARK, value])
        }
      }),
  }
}

/** The mark, or null where there is none. @param more such as `for update` */
export async function readRestored(connection: Connection, more = ''): Promise<Restored | null> {
  const row = await connection.row(`select value from mark where name = $1 ${more}`, [MARK])
  const value = row?.['value']
  // Written by whatever marks the store, and above.
  return typeof value === 'string' ? (JSON.parse(value) as Restored) : null
}

/** Marks the store as put back from a backup: no real send goes on before `confirmRestored`. */
export async function markPostgresRestored(connection: Connection, mark: Restored): Promise<void> {
  await connection.run(
    `insert into mark (name, value, set_at) values ($1, $2, $3)
     on conflict (name) do update set value = excluded.value, set_at = excluded.set_at`,
    [MARK, JSON.stringify(mark), mark.restoredAt],
  )
}
