import { number, type Row } from '../subscriber-rows.ts'
import type { Postgres } from './pool.ts'
import type { Value } from './values.ts'

/** People that one statement reads: a busy machine takes a twentieth of a second for them. */
const PART = 10_000

/** Parts that are read at once: a count of a million keeps somebody waiting, and others have connections left. */
const AT_ONCE = 3

const lastSubscriber = 'select coalesce(max(id), 0) as last from subscriber'

/**
 * What a statement about people answers, part by part, so that none takes long: its last two values are the id that
 * a part begins after, and its last id.
 */
export async function* inParts(
  database: Postgres,
  statement: string,
  values: readonly Value[],
): AsyncGenerator<Row> {
  const last = number((await database.row(lastSubscriber)) ?? {}, 'last')
  for (let from = 0; from < last; from += PART * AT_ONCE) {
    const parts = Array.from({ length: AT_ONCE }, (_, index) => from + index * PART)
    const asked = parts
      .filter((begin) => begin < last)
      .map((begin) => database.row(statement, [...values, begin, begin + PART]))
    for (const row of await Promise.all(asked)) if (row !== undefined) yield row
  }
}
