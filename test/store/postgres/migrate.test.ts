import { afterAll, beforeAll, expect, test } from 'vitest'
import { migratePostgres, schemaStep } from '../../../src/store/postgres/migrate.ts'
import { postgresMigrations } from '../../../src/store/postgres/migrations/index.ts'
import { lookAtPostgres } from '../../../src/store/postgres/look.ts'
import { openPool } from '../../../src/store/postgres/pool.ts'
import { stepHash } from '../../../src/store/step-hash.ts'
import { startPostgres, type PostgresBed } from '../../contract/postgres-bed.ts'

let bed: PostgresBed
beforeAll(async () => {
  bed = await startPostgres()
})
afterAll(() => bed.stop())

const newest = postgresMigrations.length

test('steps count from 1 without a gap', () => {
  expect(postgresMigrations.map(({ number }) => number)).toEqual(
    Array.from({ length: newest }, (_, index) => index + 1),
  )
})

test('four processes that migrate at once take each step once', async () => {
  const url = await bed.emptyUrl()
  const pools = Array.from({ length: 4 }, () => openPool(url, { connections: 2 }))
  await Promise.all(pools.map((pool) => migratePostgres(pool)))
  const [first] = pools
  const rows = await first?.rows('select number, name, hash from migration order by number')
  expect(rows).toEqual(
    postgresMigrations.map((step) => ({ number: step.number, name: step.name, hash: stepHash(step) })),
  )
  await Promise.all(pools.map((pool) => pool.close()))
})

test('a step that fails keeps nothing, and says which it was', async () => {
  const pool = openPool(await bed.emptyUrl())
  const broken = [{ number: 1, name: 'broken', sql: 'create table half (id bigint); select nonsense' }]
  await expect(migratePostgres(pool, broken)).rejects.toThrow(/step 1 \(broken\)/)
  expect(await schemaStep(pool)).toBe(0)
  expect(await pool.row("select to_regclass('half') as half")).toEqual({ half: null })
  await migratePostgres(pool)
  expect(await schemaStep(pool)).toBe(newest)
  await pool.close()
})

test('a store that a newer version wrote is refused', async () => {
  const pool = await bed.open()
  await pool.run("insert into migration (number, name, applied_at) values (99, 'newer', 0)")
  await expect(migratePostgres(pool)).rejects.toThrow(/newer Onrecord: its schema is at step 99/)
  await pool.close()
})

test('a step that was another text is named, one whose text nobody kept is not', async () => {
  const pool = await bed.open()
  const others = async () => (await lookAtPostgres(pool.url)).others
  expect(await others()).toEqual([])
  await pool.run("update migration set hash = 'x' where number = 3")
  expect(await others()).toEqual(['3 (slices)'])
  await pool.script('alter table migration drop column hash')
  expect(await others()).toEqual([])
  const more = { number: newest + 1, name: 'more', sql: 'create table more (id bigint)' }
  await migratePostgres(pool, [...postgresMigrations, more])
  expect(await pool.rows('select hash from migration where hash is not null')).toEqual([
    { hash: stepHash(more) },
  ])
  await pool.close()
})

test('a second publication is refused in the database of another, in a schema of its own as well', async () => {
  const first = await bed.open()
  await first.script('create schema second')
  const url = new URL(first.url)
  url.searchParams.set('options', '-c search_path=second')
  const second = openPool(url.href)
  await expect(migratePostgres(second)).rejects.toMatchObject({
    message: expect.stringMatching(/Another publication stands in .*, in its schema public\.$/),
    hint: expect.stringContaining('createdb'),
  })
  expect(await second.row("select to_regclass('migration') as made")).toEqual({ made: null })
  await Promise.all([first.close(), second.close()])
})

test('what cannot be reached, or is not there, is said in a sentence with a next step', async () => {
  const nobody = openPool('postgres://onrecord:secret@127.0.0.1:1/none', { patience: 100 })
  const error = await nobody.row('select 1').catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ message: expect.stringMatching(/127\.0\.0\.1:1\/none cannot be reached/) })
  expect(JSON.stringify(error) + String(error)).not.toContain('secret')
  await nobody.close()
  const { pathname } = new URL(await bed.emptyUrl())
  const missing = openPool(
    (await bed.emptyUrl()).replace(pathname, '/missing').replace(/test\d+$/, 'missing'),
  )
  await expect(missing.row('select 1')).rejects.toThrow(/does not exist/)
  await missing.close()
})
