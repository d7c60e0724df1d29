import { cutLog } from '../erase.ts'
import type { Database } from '../sqlite.ts'
import { TIDY_CHUNK, tidySteps } from './tidy-steps.ts'

const steps = tidySteps.map(({ change, key, table, over, after }) => ({
  sql: `${change} where (${key}) in (select ${key} from ${table} where ${over} limit ${TIDY_CHUNK})`,
  after,
}))

/** Deletes what has expired and ends pauses that are over; true when there is more of it than one call does. */
export function tidyUp(database: Database): boolean {
  const now = database.clock.now()
  cutLog(database)
  return database.transaction(() => {
    let more = false
    for (const { sql, after } of steps)
      if (database.prepare(sql).run({ at: now - after }).changes === TIDY_CHUNK) more = true
    return more
  })
}
