import type { DatabaseSync } from 'node:sqlite'
import { systemClock } from '../../core/clock.ts'
import { OnrecordError } from '../../core/errors.ts'
import { countOf } from '../open-as-is.ts'
import type { Row } from '../subscriber-rows.ts'
import { migratePostgres } from './migrate.ts'
import { createRowHash } from './move/row-hash.ts'
import { clearHome, setHome } from './home.ts'
import { copyLine } from './copy-line.ts'
import { openSource } from './move/source.ts'
import { movedTables, type MovedTable } from './move/tables.ts'
import { columnsOf, cutSlices, goOnCounting, refuseUsed } from './move/target.ts'
import type { PostgresAddress } from './address.ts'
import { openPool, type Connection } from './pool.ts'

/** How far a move is. */
export interface MoveAdvance {
  readonly phase: 'copying' | 'checking'
  readonly table: string
  readonly done: number
  readonly total: number
}

export interface MoveOptions {
  /** The SQLite store. */
  readonly file: string
  readonly dataDir: string
  readonly to: PostgresAddress
  /** Aborted: nothing is moved. */
  readonly signal: AbortSignal
  readonly onAdvance: (advance: MoveAdvance) => void
}

/** A table that was moved: the same on both sides. */
export interface Moved {
  readonly table: string
  readonly rows: number
  /** SHA-256 over every row. */
  readonly hash: string
}

/** Rows at a time, and the octets after which no more are waited for. */
const ROWS = 5_000
const OCTETS = 4_000_000

/**
 * Copies a SQLite publication to an empty PostgreSQL database, whole: one transaction, in which every table is read
 * back and compared before it is committed. Whatever ends it before leaves that database without a row, and the file as
 * it was but for its schema's last step. Then the file is marked: nobody goes on in it by mistake.
 * @throws OnrecordError `refused` while a send is on, when the target is not empty, or when a table differs
 */
export async function moveToPostgres(options: MoveOptions): Promise<readonly Moved[]> {
  const { file, dataDir, to } = options
  const database = openPool(to.url, { connections: 2 })
  try {
    const source = openSource(file, dataDir)
    try {
      await migratePostgres(database)
      const session = await database.session()
      try {
        const moved = await session.transaction((target) => move(source.connection, target, options))
        source.leave(to.label)
        return moved
      } finally {
        session.close()
      }
    } finally {
      source.close()
    }
  } finally {
    await database.close()
  }
}

async function move(
  source: DatabaseSync,
  target: Connection,
  options: MoveOptions,
): Promise<readonly Moved[]> {
  await target.script(
    'set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0; set local lock_timeout = 0',
  )
  // A command may have opened it before.
  await clearHome(target)
  await refuseUsed(target, options.to.label)
  const sums = new Map<MovedTable, Moved>()
  for (const table of movedTables) sums.set(table, await copy(source, target, table, options))
  await cutSlices(target)
  await goOnCounting(target, source)
  for (const [table, sum] of sums) await compare(target, table, sum, options)
  await setHome(target, systemClock.now())
  refuseInterrupted(options.signal)
  return [...sums.values()]
}

async function copy(
  source: DatabaseSync,
  target: Connection,
  { name, key, made = {}, where = 'true' }: MovedTable,
  { onAdvance, signal }: MoveOptions,
): Promise<Moved> {
  const columns = await columnsOf(target, name)
  const selected = columns.map((column) =>
    column in made ? `${made[column]} as "${column}"` : `"${column}"`,
  )
  const total = countOf(source, `select count(*) from "${name}" where ${where}`)
  const sum = createRowHash(columns)
  const into = `copy "${name}" (${columns.map((column) => `"${column}"`).join(', ')}) from stdin`
  let batch: string[] = []
  let octets = 0
  let done = 0
  const write = async (): Promise<void> => {
    refuseInterrupted(signal)
    if (batch.length > 0) await target.copy(into, batch.join(''))
    done += batch.length
    ;[batch, octets] = [[], 0]
    onAdvance({ phase: 'copying', table: name, done, total })
  }
  for (const row of source
    .prepare(`select ${selected.join(', ')} from "${name}" where ${where} order by ${key}`)
    .iterate()) {
    sum.add(row)
    const line = copyLine(columns.map((column) => row[column]))
    batch.push(line)
    octets += line.length
    if (batch.length >= ROWS || octets >= OCTETS) await write()
  }
  await write()
  return { table: name, ...sum.sum() }
}

/** Reads back what stands there now. */
async function compare(
  target: Connection,
  { name, key, portion = ROWS }: MovedTable,
  moved: Moved,
  { onAdvance, signal }: MoveOptions,
): Promise<void> {
  const columns = await columnsOf(target, name)
  const sum = createRowHash(columns)
  await target.script(`declare "read_${name}" no scroll cursor for select * from "${name}" order by ${key}`)
  let done = 0
  for (;;) {
    refuseInterrupted(signal)
    const rows: readonly Row[] = await target.rows(`fetch ${portion} from "read_${name}"`)
    if (rows.length === 0) break
    for (const row of rows) sum.add(row)
    done += rows.length
    onAdvance({ phase: 'checking', table: name, done, total: moved.rows })
  }
  await target.script(`close "read_${name}"`)
  const there = sum.sum()
  if (there.rows === moved.rows && there.hash === moved.hash) return
  throw new OnrecordError(
    'refused',
    `The table ${name} is not the same on both sides: ${moved.rows} rows were read and ${there.rows} stand there.`,
    { hint: 'nothing was moved; report this, with “onrecord --version”' },
  )
}

function refuseInterrupted(signal: AbortSignal): void {
  if (signal.aborted)
    throw new OnrecordError('interrupted', 'Interrupted: nothing was moved, and all is as it was.')
}
