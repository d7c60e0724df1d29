import type { DeliveryStore, Restored } from '../../delivery/store.ts'
import type { Connection, Postgres } from './pool.ts'

const MARK = 'restored'

/** The mark that a store carries which was put back from a backup; see src/store/restored.ts. */
export function openRestoredMark(database: Postgres): Pick<DeliveryStore, 'restored' | 'confirmRestored'> {
  const read = async (connection: Connection, more = ''): Promise<Restored | null> => {
    const row = await connection.row(`select value from mark where name = $1 ${more}`, [MARK])
    const value = row?.['value']
    // Written by whatever marks the store, and below.
    return typeof value === 'string' ? (JSON.parse(value) as Restored) : null
  }
  return {
    restored: () => read(database),
    confirmRestored: (issue) =>
      database.transaction(async (connection) => {
        const mark = await read(connection, 'for update')
        if (mark === null) return
        if (issue === null) await connection.run('delete from mark where name = $1', [MARK])
        else if (!mark.confirmed.includes(issue)) {
          const value = JSON.stringify({ ...mark, confirmed: [...mark.confirmed, issue] })
          await connection.run('update mark set value = $2 where name = $1', [MARK, value])
        }
      }),
  }
}
