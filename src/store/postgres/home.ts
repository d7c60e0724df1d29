import { OnrecordError } from '../../core/errors.ts'
import { text } from '../subscriber-rows.ts'
import type { Connection } from './pool.ts'

const MARK = 'home'

const may = `
select coalesce(has_function_privilege(to_regprocedure('pg_control_system()'), 'execute'), false)::int as may`

const here = `
select s.system_identifier || '/' || d.oid || '/' || to_regclass('mark')::oid as here
from pg_control_system() s, pg_database d where d.datname = current_database()`

/**
 * Which database this is, as PostgreSQL tells clusters, databases and tables apart: a standby that takes over is the same
 * one, what pg_restore made is another, in the former database too. Null: our role may not read it.
 */
async function whereabouts(connection: Connection): Promise<string | null> {
  if ((await connection.row(may))?.['may'] !== 1) return null
  return text((await connection.row(here)) ?? {}, 'here')
}

async function homeOf(connection: Connection): Promise<string | null> {
  return text((await connection.row('select value from mark where name = $1', [MARK])) ?? {}, 'value')
}

/** Keeps where the store was first opened; a dump of it says so, too. */
export async function keepHome(connection: Connection, now: number): Promise<void> {
  if ((await homeOf(connection)) !== null) return
  const found = await whereabouts(connection)
  // Where it cannot be known, nothing is written: the database may be one that is only read.
  if (found !== null)
    await connection.run(
      'insert into mark (name, value, set_at) values ($1, $2, $3) on conflict (name) do nothing',
      [MARK, found, now],
    )
}

/** From now on this is where the store lives. */
export async function setHome(connection: Connection, now: number): Promise<void> {
  await clearHome(connection)
  await keepHome(connection, now)
}

/** As if it had never been opened: what it holds besides is moved here. */
export async function clearHome(connection: Connection): Promise<void> {
  await connection.run('delete from mark where name = $1', [MARK])
}

/** Whether the store was made in another database, and brought here by a dump or a copy; false where that cannot be known. */
export async function isElsewhere(connection: Connection): Promise<boolean> {
  const home = await homeOf(connection)
  const found = home === null ? null : await whereabouts(connection)
  return found !== null && found !== home
}

/** What is to be done about it: two ways, of which a person knows the right one. */
export const elsewhereHint =
  'put back from a dump, or a copy of one in use: “onrecord restore --dumped-at <time of the dump>”; only moved, with everything ended before, so that nothing was sent or changed after the copy: “onrecord restore --moved”'

/** @throws OnrecordError `refused` where the store was brought here and nobody has said how */
export async function refuseElsewhere(connection: Connection, label: string): Promise<void> {
  if (await isElsewhere(connection))
    throw new OnrecordError(
      'refused',
      `${label} is another database than the one that the publication was used in, or was filled from a copy since: perhaps what was sent since is not known here.`,
      { hint: elsewhereHint },
    )
}
