import type { DatabaseSync } from 'node:sqlite'
import { OnrecordError } from '../../../core/errors.ts'
import { countOf } from '../../open-as-is.ts'
import { maybeNumber } from '../../subscriber-rows.ts'
import type { Connection } from '../pool.ts'
import { movedTables } from './tables.ts'

/** Held by one move at a time. The number means nothing. */
const MOVING = 'select pg_try_advisory_xact_lock(7140, 3)::int as taken'

/** Rows of a slice, as freezing makes them. */
const SLICE = 500

/** @throws OnrecordError `refused` when anything is there, or another move is under way */
export async function refuseUsed(target: Connection, label: string): Promise<void> {
  if ((await target.row(MOVING))?.['taken'] !== 1)
    throw new OnrecordError('refused', `Another move to ${label} is under way.`)
  for (const { name } of movedTables) {
    if ((await target.row(`select 1 from "${name}" limit 1`)) === undefined) continue
    throw new OnrecordError('refused', `${label} is not empty: its table ${name} has rows.`, {
      hint: 'move to a fresh database (“createdb …”)',
    })
  }
}

/** Slices for every row, as if they had been frozen there: what waits in them is read from the rows. */
export async function cutSlices(target: Connection): Promise<void> {
  await target.script('analyze delivery')
  await target.run(
    `insert into slice (round_id, first_id, last_id, token)
     select round_id, min(id), max(id), max((attempts > 0)::int) from (
       select round_id, id, attempts, (row_number() over (partition by round_id order by id) - 1) / $1 as place
       from delivery) d
     group by round_id, place`,
    [SLICE],
  )
  await target.rows('select free_slice(round_id, first_id) from slice order by round_id, first_id')
}

/** Ids go on after the last that was ever used; the site's version after the last that was seen. */
export async function goOnCounting(target: Connection, source: DatabaseSync): Promise<void> {
  const used = new Map(
    source
      .prepare('select name, seq from sqlite_sequence')
      .all()
      .map((row) => [String(row['name']), Number(row['seq'])]),
  )
  for (const row of await target.rows(
    "select table_name as name from information_schema.columns where is_identity = 'YES' and column_name = 'id' and table_schema = current_schema()",
  )) {
    const name = String(row['name'])
    const max = maybeNumber((await target.row(`select max(id) as id from "${name}"`)) ?? {}, 'id') ?? 0
    const last = Math.max(max, used.get(name) ?? 0)
    if (last > 0) await target.row('select setval(pg_get_serial_sequence($1, $2), $3)', [name, 'id', last])
  }
  const version = countOf(source, 'select version from site_version')
  await target.run('update site_version set version = greatest(version, $1) + 1', [version])
}

/** The columns of a table, in their order. */
export async function columnsOf(target: Connection, table: string): Promise<readonly string[]> {
  const rows = await target.rows(
    `select column_name as name from information_schema.columns
     where table_name = $1 and table_schema = current_schema() order by ordinal_position`,
    [table],
  )
  return rows.map(({ name }) => String(name))
}
