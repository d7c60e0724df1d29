import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { createTokens } from '../../../src/core/token.ts'
import { openSqliteStores } from '../../../src/store/open-sqlite.ts'
import { stayHere } from '../../../src/store/stay-here.ts'
import { postgresAddress, type PostgresAddress } from '../../../src/store/postgres/address.ts'
import { moveToPostgres, type Moved, type MoveOptions } from '../../../src/store/postgres/move.ts'
import { movedTables } from '../../../src/store/postgres/move/tables.ts'
import { settleHere } from '../../../src/store/postgres/migrate-store.ts'
import { openPostgresStores } from '../../../src/store/postgres/open.ts'
import { openPool } from '../../../src/store/postgres/pool.ts'
import { lockSender } from '../../../src/store/sender-lock.ts'
import { enterWorker } from '../../../src/store/worker-lock.ts'
import { startPostgres, type PostgresBed } from '../../contract/postgres-bed.ts'
import { addPeople } from '../../delivery/people.ts'
import { secret } from '../open-people.ts'
import { answersOf, fullPublication, times, type FullPublication } from './moved-life.ts'

let bed: PostgresBed
let publication: FullPublication
beforeAll(async () => {
  bed = await startPostgres()
  publication = await fullPublication()
}, 60_000)
afterAll(async () => {
  await publication.close()
  await bed.stop()
})

async function emptyTarget(): Promise<PostgresAddress> {
  const to = postgresAddress(await bed.emptyUrl())
  if (to === null) throw new Error('the bed gave no address')
  return to
}

/** The file may be moved once more after it. */
async function move(to: PostgresAddress, change: Partial<MoveOptions> = {}): Promise<readonly Moved[]> {
  const { file, dataDir } = publication
  const signal = new AbortController().signal
  const moved = await moveToPostgres({ file, dataDir, to, signal, onAdvance: () => undefined, ...change })
  const connection = new DatabaseSync(file)
  connection.exec("delete from mark where name = 'moved'")
  connection.close()
  return moved
}

/** How many rows of ours there are. */
async function rowsIn({ url }: PostgresAddress): Promise<number> {
  const database = openPool(url, { connections: 1 })
  let rows = 0
  for (const { name } of movedTables)
    rows += Number((await database.row(`select count(*) as count from "${name}"`))?.['count'])
  await database.close()
  return rows
}

test('a moved publication answers everything as it did before, and goes on counting', async () => {
  const to = await emptyTarget()
  // Somebody looked whether it can be reached: it is empty all the same.
  await (await openPostgresStores(to.url, createTokens(secret))).close()
  const moved = await move(to)
  const target = openPool(to.url, { connections: 1 })
  expect(await target.rows("select 1 as found from mark where name = 'home'")).toEqual([{ found: 1 }])
  await target.close()
  expect(await settleHere(to.url)).toBe(false)
  // Each table that a life fills has been tried.
  expect(moved.filter(({ rows }) => rows === 0)).toEqual([])
  const tokens = createTokens(secret)
  const clock = { now: () => times }
  const before = openSqliteStores(publication.file, tokens, {
    dataDir: publication.dataDir,
    clock,
  })
  const after = await openPostgresStores(to.url, tokens, { clock })
  onTestFinished(async () => {
    await before.close()
    await after.close()
  })
  // A NUL, which PostgreSQL cannot hold, is the one thing that becomes another.
  const expected = JSON.stringify(await answersOf(before, publication.publicId)).replaceAll(
    '\\u0000',
    '\ufffd',
  )
  expect(await answersOf(after, publication.publicId)).toEqual(JSON.parse(expected))

  await addPeople(after.subscribers, 2, 'new')
  expect((await after.subscribers.counts('weekly')).states.confirmed).toBe(
    (await before.subscribers.counts('weekly')).states.confirmed + 2,
  )
  // An id that was used is not used again, though its row is gone.
  const [waiting] = await after.schedule.list()
  if (waiting === undefined) throw new Error('nothing is scheduled')
  const again = await after.schedule.set({ ...waiting, issue: '2025-w51' })
  expect(again?.id).toBe(waiting.id + 2)
  // What was paused goes on with what waits, and with nothing else.
  const paused = await after.deliveries.round('2025-w47', 'real')
  const going = await after.deliveries.setState(paused?.id ?? 0, 'sending', null)
  const tally = await after.deliveries.tally(going.id)
  const claimed = await after.deliveries.claim(going.id, 1_000)
  expect(claimed).toHaveLength(tally.queued)
  expect(tally.deferred).toBeGreaterThan(0)
})

test('every table of the one store is moved or left on purpose, with every column it has', async () => {
  const to = await emptyTarget()
  await move(to)
  const source = new DatabaseSync(publication.file)
  const target = openPool(to.url, { connections: 1 })
  for (const { name, made = {} } of movedTables) {
    const here = source.prepare('select name from pragma_table_info(?)').all(name)
    const there = await target.rows(
      'select column_name as name from information_schema.columns where table_name = $1',
      [name],
    )
    const names = new Set([...here.map((row) => String(row['name'])), ...Object.keys(made)])
    expect(there.map((row) => String(row['name'])).toSorted()).toEqual([...names].toSorted())
  }
  source.close()
  await target.close()
})

test('nothing is moved while a send is on, or a worker there, or where something is already', async () => {
  const to = await emptyTarget()
  const { dataDir, file } = publication
  const sender = lockSender(`${dataDir}/sender.lock`)
  await expect(move(to)).rejects.toThrow('A send is on')
  sender?.release()
  const worker = enterWorker(`${dataDir}/worker.lock`)
  await expect(move(to)).rejects.toThrow('A worker is running')
  worker.release()

  const source = new DatabaseSync(file)
  const change = async (sql: string, back: string, says: RegExp): Promise<void> => {
    source.exec(sql)
    await expect(move(to)).rejects.toThrow(says)
    source.exec(back)
  }
  for (const state of ['sending', 'freezing'])
    await change(
      `update round set state = '${state}' where issue = '2025-w47'`,
      "update round set state = 'paused' where issue = '2025-w47'",
      /The sending of 2025-w47 is not over/,
    )
  await change(
    "update delivery set state = 'on_wire' where id = (select min(id) from delivery where state = 'queued')",
    "update delivery set state = 'queued' where state = 'on_wire'",
    /on the wire is not settled/,
  )
  await change('create table theirs (x); insert into theirs values (1)', 'drop table theirs', /table theirs/)
  source.close()

  await move(to)
  await expect(move(to)).rejects.toThrow(/is not empty: its table subscriber has rows/)
})

test('a move that is interrupted, or meets a table that differs, leaves nothing', async () => {
  const to = await emptyTarget()
  for (const phase of ['copying', 'checking'] as const) {
    const interruption = new AbortController()
    await expect(
      move(to, {
        signal: interruption.signal,
        onAdvance: (advance) => {
          if (advance.phase === phase && advance.table === 'delivery') interruption.abort()
        },
      }),
    ).rejects.toMatchObject({ code: 'interrupted' })
    expect(await rowsIn(to)).toBe(0)
  }

  const database = openPool(to.url, { connections: 1 })
  await database.script(`
    create function spoil() returns trigger language plpgsql as
      $$ begin new.name = 'somebody else'; return new; end $$;
    create trigger spoil before insert on delivery for each row execute function spoil()`)
  await expect(move(to)).rejects.toThrow(/The table delivery is not the same on both sides/)
  await database.close()
  expect(await rowsIn(to)).toBe(0)
})

test('the file that was left refuses everything, to who has it open as well, until somebody says that it stays', async () => {
  const { file, dataDir } = publication
  const open = () => openSqliteStores(file, createTokens(secret), { dataDir })
  const serving = open()
  const to = await emptyTarget()
  const signal = new AbortController().signal
  const options = { file, dataDir, to, signal, onAdvance: () => undefined }
  await moveToPostgres(options)

  expect(open).toThrow(`was moved from ${file} to ${to.label} on `)
  await expect(moveToPostgres({ ...options, to: await emptyTarget() })).rejects.toThrow(to.label)
  await expect(addPeople(serving.subscribers, 1, 'late')).rejects.toThrow('was moved from')
  const [paused] = (await serving.deliveries.rounds()).filter(({ state }) => state === 'paused')
  await expect(serving.deliveries.setState(paused?.id ?? 0, 'sending', null)).rejects.toThrow(
    'was moved from',
  )
  await expect(
    serving.readers({ sessionDays: 1 }).allow('form', 'x', { most: 1, windowMs: 1 }),
  ).rejects.toThrow('was moved from')
  await expect(serving.deliveries.seal(paused?.id ?? 0)).rejects.toThrow('was moved from')
  await expect(serving.deliveries.relabel(paused?.id ?? 0, 'x')).rejects.toThrow('was moved from')
  await serving.close()

  const clock = { now: () => times }
  expect(stayHere(file, clock)).toBe(to.label)
  expect(stayHere(file, clock)).toBeNull()
  const again = open()
  await addPeople(again.subscribers, 1, 'late')
  // What was sent from there is not known here.
  expect(await again.deliveries.restored()).toMatchObject({ restoredAt: times, confirmed: [] })
  await again.close()
})
