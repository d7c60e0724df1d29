import type { Postgres } from './pool.ts'

/** A pace that all workers of a store share. */
export interface Pace {
  /**
   * Takes up to `count` messages from the pace of `name`: a server, or a server and a recipient domain. A negative
   * count gives back what was not begun.
   * @returns how many may begin, and in how many milliseconds; none: when to ask again
   */
  take(
    name: string,
    count: number,
    limits: { readonly perSecond: number | null; readonly perHour: number | null },
  ): Promise<{ readonly granted: number; readonly wait: number }>
}

/** Kept in the database, in messages and by its clock, so that it holds whoever takes and wherever they run. */
export function openPace(database: Postgres): Pace {
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
