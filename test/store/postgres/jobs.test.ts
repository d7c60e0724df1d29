import { afterAll, beforeAll, expect, test } from 'vitest'
import { openJobs } from '../../../src/store/postgres/jobs.ts'
import { openPool, type Postgres } from '../../../src/store/postgres/pool.ts'
import { startPostgres, type PostgresBed } from '../../contract/postgres-bed.ts'

let bed: PostgresBed
let database: Postgres & { readonly url: string }
beforeAll(async () => {
  bed = await startPostgres()
  database = await bed.open()
})
afterAll(async () => {
  await database.close()
  await bed.stop()
})

const rows = async (): Promise<number> =>
  Number((await database.row('select count(*) as count from onrecord_jobs.job'))?.['count'])

test('a wake wakes one worker, wherever it is, and for its kind of sends', async () => {
  const pool = openPool(database.url, { connections: 2 })
  const [here, there] = [openJobs(database), openJobs(pool)]
  expect(await Promise.all([here.woken('real'), there.woken('real')])).toEqual([false, false])
  await here.wake({ id: 1, kind: 'real' })
  expect(await there.woken('rehearsal')).toBe(false)
  expect(await there.woken('real')).toBe(true)
  expect(await here.woken('real')).toBe(false)
  await Promise.all([here.close(), there.close()])
  await pool.close()
})

test('a thousand wakes leave no more rows than there are rounds, and none once they are taken', async () => {
  const jobs = openJobs(database)
  const many = Array.from({ length: 1_000 }, (_, index) => index % 4)
  for (let at = 0; at < many.length; at += 20)
    await Promise.all(many.slice(at, at + 20).map((id) => jobs.wake({ id, kind: 'real' })))
  expect(await rows()).toBe(4)
  let woken = 0
  while (await jobs.woken('real')) woken += 1
  expect(woken).toBe(4)
  expect(await rows()).toBe(0)
  for (let time = 0; time < 100; time++) {
    await jobs.wake({ id: time, kind: 'real' })
    expect(await jobs.woken('real')).toBe(true)
  }
  expect(await rows()).toBe(0)
  await jobs.close()
})

test('a store that was opened and woke nobody has no tables of jobs', async () => {
  const other = await bed.open()
  await openJobs(other).close()
  const found = await other.row("select to_regclass('onrecord_jobs.job') is null as none")
  expect(found?.['none']).toBe(true)
  await other.close()
})
