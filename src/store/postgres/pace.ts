import type { SharedPace } from '../../delivery/shared-pace.ts'
import type { Postgres } from './pool.ts'

/** Kept in the database, in messages and by its clock, so that it holds whoever takes and wherever they run. */
export function openPace(database: Postgres): SharedPace {
  return {
    async take(name, count, { perSecond, perHour }) {
      const row = await database.row('select take($1, $2, $3, $4) as taken', [
        name,
        count,
        perSecond,
        perHour,
      ])
      return JSON.parse(String(row?.['taken'])) as { readonly granted: number; readonly wait: number }
    },
  }
}
