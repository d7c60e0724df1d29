import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { migrateStore } from '../../src/store/migrate-store.ts'
import { migrations } from '../../src/store/migrations/index.ts'
import { postgresMigrations } from '../../src/store/postgres/migrations/index.ts'
import { openDatabase } from '../../src/store/sqlite.ts'
import { stepHash } from '../../src/store/step-hash.ts'
import { storeOfStep } from './former-store.ts'
import { frozenPostgres, frozenSqlite } from './frozen-steps.ts'
import { emptyData } from './publication-data.ts'

const last = migrations.length
const clock = { now: () => 99 }

const storeOf = (step: number, people = 1): string => {
  const { store } = emptyData()
  storeOfStep(store, step, people)
  return store
}

const kept = (store: string): readonly string[] =>
  readdirSync(dirname(store)).filter((name) => name !== 'onrecord.db')

test.for([
  ['SQLite', migrations, frozenSqlite],
  ['PostgreSQL', postgresMigrations, frozenPostgres],
] as const)('no step that stores have taken on %s is edited', ([, steps, frozen]) => {
  for (const [index, step] of steps.entries()) {
    const wrong =
      frozen[index] === undefined
        ? `append its hash to frozen-steps.ts: ${stepHash(step)}`
        : 'its text is frozen, for stores have taken it: append a new step instead'
    expect(frozen[index], `step ${step.number} (${step.name}): ${wrong}`).toBe(stepHash(step))
  }
  expect(steps.length, 'a step is missing that stores have taken').toBe(frozen.length)
})

test('a dry run says which steps are missing and changes nothing', () => {
  const store = storeOf(2)
  const before = readFileSync(store)
  const { steps, kept: copy } = migrateStore(store, { dryRun: true })
  expect(steps.filter(({ appliedAt }) => appliedAt === null).map(({ number }) => number)).toEqual(
    migrations.slice(2).map(({ number }) => number),
  )
  expect(steps[1]).toEqual({ number: 2, name: 'deliveries', appliedAt: 7 })
  expect(copy).toBeNull()
  expect(readFileSync(store).equals(before)).toBe(true)
})

test('the missing steps are taken once, and the store as it was is kept', () => {
  const store = storeOf(2)
  const { kept: copy } = migrateStore(store, { dryRun: false, clock })
  expect(copy).toBe(`${store}.before-step-3`)
  const old = new DatabaseSync(copy ?? '')
  expect(old.prepare('select max(number) as n from migration').get()).toEqual({ n: 2 })
  expect(old.prepare('select count(*) as n from subscriber').get()).toEqual({ n: 1 })
  old.close()
  const again = migrateStore(store, { dryRun: false, clock })
  expect(again.kept).toBeNull()
  expect(again.steps.map(({ appliedAt }) => appliedAt)).toEqual(
    migrations.map((_, index) => (index < 2 ? 7 : 99)),
  )
  expect(kept(store)).toEqual(['onrecord.db.before-step-3'])
  // What the former version took, it kept no hash of.
  const now = new DatabaseSync(store)
  expect(
    now
      .prepare('select hash from migration order by number')
      .all()
      .map(({ hash }) => hash),
  ).toEqual(migrations.map((step, index) => (index < 2 ? null : stepHash(step))))
  now.close()
})

test('opening a store of a former version does the same; an empty one needs no copy', () => {
  const store = storeOf(1)
  openDatabase(store, clock).close()
  expect(kept(store)).toEqual(['onrecord.db.before-step-2'])
  const empty = storeOf(1, 0)
  openDatabase(empty, clock).close()
  expect(kept(empty)).toEqual([])
})

test('a store of a newer version is refused by looking, migrating and opening alike', () => {
  const store = storeOf(last)
  const database = new DatabaseSync(store)
  database.prepare("insert into migration values (99, 'later', 0)").run()
  database.close()
  const message = `its schema is at step 99, this version knows ${last}`
  expect(() => migrateStore(store, { dryRun: true })).toThrow(message)
  expect(() => migrateStore(store, { dryRun: false })).toThrow(message)
  expect(() => openDatabase(store)).toThrow(message)
  expect(kept(store)).toEqual([])
})

test('where there is no store none is made', () => {
  const { store } = emptyData()
  expect(() => migrateStore(store, { dryRun: false })).toThrow('There is no store')
  expect(existsSync(store)).toBe(false)
})

test('a step that fails leaves the store at the step before it', () => {
  const store = storeOf(2)
  const database = new DatabaseSync(store)
  // In the way of step 3.
  database.exec('create table mark (a)')
  database.close()
  expect(() => migrateStore(store, { dryRun: false })).toThrow(/could not be brought to step 3 \(sending\)/)
  const after = new DatabaseSync(store)
  expect(after.prepare('select max(number) as n from migration').get()).toEqual({ n: 2 })
  expect(
    after.prepare("select count(*) as n from pragma_table_info('delivery') where name = 'key_id'").get(),
  ).toEqual({ n: 0 })
  after.close()
})
