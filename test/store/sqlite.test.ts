import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { OnrecordError } from '../../src/core/errors.ts'
import { migrations } from '../../src/store/migrations/index.ts'
import { markMoved } from '../../src/store/moved.ts'
import { openDatabase } from '../../src/store/sqlite.ts'
import { stepHash } from '../../src/store/step-hash.ts'

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'onrecord-sqlite-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

test('a store is made with its folder, durable, with foreign keys and for nobody else to read', () => {
  const file = join(emptyFolder(), 'data', 'deep', 'onrecord.db')
  const database = openDatabase(file)
  onTestFinished(() => database.close())
  for (const each of [file, `${file}-wal`]) expect(statSync(each).mode & 0o777).toBe(0o600)
  const pragma = (name: string): unknown => Object.values(database.prepare(`pragma ${name}`).get() ?? {})[0]
  expect(pragma('journal_mode')).toBe('wal')
  expect(pragma('synchronous')).toBe(2)
  expect(pragma('foreign_keys')).toBe(1)
  expect(pragma('busy_timeout')).toBe(10_000)
  expect(pragma('secure_delete')).toBe(1)
})

test('migrations are numbered from 1 without a gap, and each is applied once', () => {
  expect(migrations.map((each) => each.number)).toEqual(migrations.map((_, index) => index + 1))
  const file = join(emptyFolder(), 'onrecord.db')
  openDatabase(file, { now: () => 1 }).close()
  const database = openDatabase(file, { now: () => 2 })
  onTestFinished(() => database.close())
  expect(database.prepare('select number, name, applied_at, hash from migration').all()).toEqual(
    migrations.map((step) => ({ number: step.number, name: step.name, applied_at: 1, hash: stepHash(step) })),
  )
})

test('a store of a newer version is refused, and not touched', () => {
  const file = join(emptyFolder(), 'onrecord.db')
  const database = openDatabase(file)
  database.prepare("insert into migration values (99, 'later', 0, null)").run()
  database.close()
  expect(() => openDatabase(file)).toThrow(
    `The store was written by a newer Onrecord: its schema is at step 99, this version knows ${migrations.length}.`,
  )
})

test('a file that is no database is refused in plain words', () => {
  const file = join(emptyFolder(), 'onrecord.db')
  writeFileSync(file, 'not a database at all, but long enough to be looked at as one'.repeat(40))
  let error: unknown = null
  try {
    openDatabase(file)
  } catch (thrown) {
    error = thrown
  }
  expect(error).toBeInstanceOf(OnrecordError)
  expect(String(error)).toContain('is no database, or is damaged')
})

test('many processes may open a store that does not exist yet, all at once', async () => {
  const file = join(emptyFolder(), 'onrecord.db')
  const module = join(import.meta.dirname, '../../src/store/sqlite.ts')
  const program = `const { openDatabase } = await import(${JSON.stringify(module)}); openDatabase(${JSON.stringify(file)}).close()`
  const codes = await Promise.all(
    Array.from({ length: 6 }, async () => {
      const child = spawn(process.execPath, ['--input-type=module', '--eval', program], { stdio: 'ignore' })
      const [code] = await once(child, 'exit')
      return code
    }),
  )
  expect(codes).toEqual([0, 0, 0, 0, 0, 0])
})

test('a statement that writes on its own is refused as well once the publication was moved', () => {
  const file = join(emptyFolder(), 'onrecord.db')
  const [database, mover] = [openDatabase(file), openDatabase(file)]
  onTestFinished(() => [database, mover].forEach((each) => each.close()))
  const write = database.prepare(
    "\n  insert into source_tick (issue, source, hash, by, at) values ('i', 's', 'h', 'b', 1)",
  )
  const change = database.prepare("update source_tick set by = 'c' returning id")
  write.run()
  expect([change.all(), database.commits]).toEqual([[{ id: 1 }], 2])
  mover.transaction(() => markMoved(mover, { to: 'postgres://db.test/brief', at: 0 }))
  expect(() => write.run()).toThrow('was moved from')
  expect(() => change.get()).toThrow('was moved from')
  expect(database.prepare('select by from source_tick').all()).toEqual([{ by: 'c' }])
})

test('a transaction that throws leaves nothing, and one inside another joins it', () => {
  const database = openDatabase(':memory:')
  onTestFinished(() => database.close())
  const insert = database.prepare("insert into suppression values (?, 'operator', null, 0)")
  const count = (): unknown => database.prepare('select count(*) as n from suppression').get()?.['n']
  expect(() =>
    database.transaction(() => {
      insert.run('a')
      database.transaction(() => insert.run('b'))
      throw new Error('stop')
    }),
  ).toThrow('stop')
  expect(count()).toBe(0)
  database.transaction(() => insert.run('a'))
  expect(count()).toBe(1)
})

test('a full disk is said in plain words, and what was there stays', () => {
  const database = openDatabase(join(emptyFolder(), 'onrecord.db'))
  onTestFinished(() => database.close())
  const insert = database.prepare("insert into suppression values (?, 'operator', ?, 0)")
  database.transaction(() => insert.run('before', null))
  const { page_count: pages } = database.prepare('pragma page_count').get() ?? {}
  database.prepare(`pragma max_page_count = ${Number(pages) + 2}`).get()
  expect(() =>
    database.transaction(() => {
      for (let row = 0; row < 1_000; row++) insert.run(`row ${row}`, 'x'.repeat(1_000))
    }),
  ).toThrow('the disk is full')
  expect(database.prepare('select count(*) as n from suppression').get()).toEqual({ n: 1 })
})
