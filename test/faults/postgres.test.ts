import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { openPool } from '../../src/store/postgres/pool.ts'
import { startPostgres, type PostgresBed } from '../contract/postgres-bed.ts'
import { faultPublication } from './command-line.ts'
import { startCopyProxy } from './copy-proxy.ts'
import { openFaultBed } from './fault-bed.ts'
import { sendWithEvents } from './several-run.ts'

let bed: PostgresBed
beforeAll(async () => {
  bed = await startPostgres(['fsync=on'])
})
afterAll(() => bed.stop())

// `npm run soak -- workers` does the same with 100,000 people, the lease that is usual and more of everything.
test('whatever happens to four workers and to PostgreSQL: nothing is lost, nothing doubled, every sum is the total', async () => {
  const { folder, sink, random } = await openFaultBed({ thinking: 1 })
  const people = 3_000
  const told: string[] = []
  const standing = await sendWithEvents({
    ...{ bed, sink, people, folder, random, workers: 4, connections: 3 },
    ...{ lease: 2_000, slice: 100, perSecond: 300 },
    events: ['kill', 'freeze', 'cut', 'restart', 'silence', 'kill', 'cut'],
    say: (text) => told.push(text),
  })
  const { accepted, unknown, most, wrong, looks } = standing
  expect(standing, told.join('\n')).toMatchObject({ state: 'done', lost: 0, duplicates: 0 })
  expect(accepted + unknown).toBe(people)
  expect(unknown).toBeLessThanOrEqual(most)
  expect(wrong).toEqual([])
  expect(looks).toBeGreaterThan(20)
}, 120_000)

test('an import that is killed in the middle of a COPY and run again loses nobody and takes nobody twice', async () => {
  const url = new URL(await bed.emptyUrl())
  const database = openPool(url.href, { connections: 1 })
  onTestFinished(() => database.close())
  const proxy = await startCopyProxy(Number(url.port))
  onTestFinished(() => proxy.close())
  url.port = String(proxy.port)
  const publication = await faultPublication({ port: 1, people: 0, databaseUrl: url.href })
  const rows = Array.from({ length: 6_000 }, (_, row) => {
    const tier = row % 5 === 0 ? 'member' : 'subscriber'
    return `reader${row}@reader.test,"Reader, ${row}",${tier},${row % 7 === 0 ? 'left' : 'confirmed'}\n`
  })
  writeFileSync(join(publication.dir, 'people.csv'), `address,name,tier,state\n${rows.join('')}`)
  const command = ['subscribers', 'import', join(publication.dir, 'people.csv'), '--newsletter', 'weekly']
  const count = async () =>
    Number((await database.row('select count(*) as count from subscriber'))?.['count'])

  // A batch is 2,000 lines, the first of which is the header, and three of them: in the first batch, and in the second one of the run after.
  for (const [copy, kept] of [
    [2, 0],
    [4, 1_999],
  ] as const) {
    const { child, end } = publication.start(command)
    proxy.inCopy(copy, () => child.kill('SIGKILL'))
    expect((await end).code).toBeNull()
    expect(await count()).toBe(kept)
  }
  const { code, out } = await publication.run([...command, '--json'])
  expect([code, JSON.parse(out)]).toMatchObject([0, { read: 6_000, added: 4_001, unchanged: 1_999 }])
  expect(
    await database.row(`
      select count(*) as people, count(distinct address_key) as addresses,
        count(*) filter (where tier = 'member') as members from subscriber`),
  ).toEqual({ people: 6_000, addresses: 6_000, members: 1_200 })
  expect(
    await database.rows('select state, count(*) as count from subscription group by state order by state'),
  ).toEqual([
    { state: 'confirmed', count: 5_142 },
    { state: 'left', count: 858 },
  ])
  // What each of them did, once.
  expect(
    await database.rows(
      'select kind, count(*) as count, count(distinct subscriber_id) as people from consent group by kind order by kind',
    ),
  ).toEqual([
    { kind: 'given', count: 5_142, people: 5_142 },
    { kind: 'withdrawn', count: 858, people: 858 },
  ])
}, 60_000)
