import { existsSync } from 'node:fs'
import { systemClock } from '../core/clock.ts'
import { OnrecordError } from '../core/errors.ts'
import { postgresAddress } from '../store/postgres/address.ts'
import type { MoveAdvance } from '../store/postgres/move.ts'
import { exit, type Context, type ExitCode } from './context.ts'
import { number } from './round-text.ts'
import { alignRows } from './table.ts'

/** `onrecord migrate --to postgres://…`: copies a SQLite publication to an empty PostgreSQL database. */
export async function moveStore(context: Context, address: string): Promise<ExitCode> {
  const { database, dataDir } = context.config()
  const to = postgresAddress(address)
  if (to === null)
    throw new OnrecordError('usage', '--to must be postgres://user:password@host:port/database.', {
      hint: 'in a password, % is written %25, @ is %40; PGPASSWORD may have it instead',
    })
  if (database.kind === 'postgres')
    throw new OnrecordError('refused', `The publication stands in ${database.label} already.`, {
      hint: 'pg_dump and pg_restore take it to another server',
    })
  const { file } = database
  if (!existsSync(file))
    throw new OnrecordError('not-found', `There is no store ${file}: nothing is to be moved.`, {
      hint: 'set DATABASE_URL to that address; “onrecord migrate” makes the store there',
    })
  const { moveToPostgres } = await import('../store/postgres/move.ts')
  const moved = await moveToPostgres({
    ...{ file, dataDir, to, signal: context.interrupted },
    onAdvance: drawMove(context),
  })
  context.drawProgress('')
  if (context.options.json) {
    context.print(JSON.stringify({ from: file, to: to.label, tables: moved }, null, 2))
    return exit.done
  }
  const rows = moved.map(({ table, rows: count, hash }) => [`  ${table}`, number(count), hash.slice(0, 12)])
  for (const line of alignRows(rows)) context.print(line)
  context.print(`All of it stands in ${to.label}, and every table is the same on both sides.`)
  context.print(
    'From now on it is used there once .env says so, with the address that you gave, password and all:',
  )
  context.print(`  DATABASE_URL=${to.label.replace('://', '://…@')}`)
  context.print(`${file} is only kept, and refuses every command; “onrecord migrate --stay” would undo that.`)
  return exit.done
}

/** On a terminal a line that moves, elsewhere a line a table. */
function drawMove(context: Context): (advance: MoveAdvance) => void {
  let said = ''
  return ({ phase, table, done, total }) => {
    if (context.terminal) context.drawProgress(`${phase} ${table}: ${number(done)} of ${number(total)}`)
    else if (`${phase} ${table}` !== said) context.note(`${phase} ${table} …`)
    said = `${phase} ${table}`
  }
}

/** `onrecord migrate --stay`: a move was given up, and the file that was left is the store again. */
export async function stayHere(context: Context): Promise<ExitCode> {
  const { database } = context.config()
  if (database.kind === 'postgres')
    throw new OnrecordError('refused', `The publication stands in ${database.label}.`, {
      hint: 'take DATABASE_URL out of .env first: then it is the file again',
    })
  const { file } = database
  const { stayHere: unmark } = await import('../store/stay-here.ts')
  const was = unmark(file, systemClock)
  if (was === null) throw new OnrecordError('refused', `Nothing was moved from ${file}: it is in use.`)
  if (context.options.json) context.print(JSON.stringify({ store: file, movedTo: was }))
  else {
    context.print(`${file} is the store again. What was done in ${was} since is not in it.`)
    context.print('As after a restore, nothing real is sent before “onrecord restore --confirm”.')
  }
  return exit.done
}
