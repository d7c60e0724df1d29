import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPostgresDeliveries } from '../../../src/store/postgres/deliveries.ts'
import { openPostgresReports } from '../../../src/store/postgres/delivery-report.ts'
import * as sql from '../../../src/store/postgres/delivery-statements.ts'
import type { Postgres } from '../../../src/store/postgres/pool.ts'
import { openPostgresSchedule, roundAudience } from '../../../src/store/postgres/schedule.ts'
import type { Value } from '../../../src/store/postgres/values.ts'
import { address } from '../../delivery/people.ts'
import { startPostgres, tellStatistics, type PostgresBed } from '../../contract/postgres-bed.ts'

/*
 * The plans of hot statements, on tables so large that the planner chooses as it does for a million rows: its
 * choices turn at some thousands. ONRECORD_PLAN_ROWS=1000000 takes the million itself.
 */
const ROWS = Number(process.env['ONRECORD_PLAN_ROWS'] ?? 100_000)
const ROUND = 1
/** Times are held in `npm run soak -- plans` alone, which has the machine to itself. */
const timed = process.env['ONRECORD_PLAN_ROWS'] !== undefined

let bed: PostgresBed
let database: Postgres
beforeAll(async () => {
  bed = await startPostgres(['maintenance_work_mem=256MB'])
  database = await bed.open()
  await database.script(`
    set statement_timeout = 0;
    insert into subscriber (public_id, address, address_key, address_hash, tier, created_at, updated_at)
    select 'p' || g, 'reader' || g || '@reader.test', 'reader' || g || '@reader.test', 'h' || g, 'subscriber', 0, 0
    from generate_series(1, ${ROWS}) g;
    insert into subscription (subscriber_id, newsletter, state) select id, 'weekly', 'confirmed' from subscriber;
    insert into suppression (address_hash, reason, created_at) select 's' || g, 'left', 0 from generate_series(1, 1000) g;
    analyze`)
  const store = openPostgresDeliveries(database)
  const round = await store.openRound({
    ...{ issue: 'i', newsletter: 'weekly', kind: 'real', number: 1, transport: 'smtp://test' },
    ...{ settings: {}, editions: { subscriber: 's', member: 'm' } },
  })
  expect(round.id).toBe(ROUND)
  const begun = performance.now()
  while ((await store.freezeChunk(ROUND, 5_000)).more) continue
  await store.seal(ROUND)
  // A million in 20 seconds.
  if (timed) expect(((performance.now() - begun) / ROWS) * 1_000).toBeLessThan(20)
  // One in a hundred is put off, one in a thousand unknown.
  await database.script(`
    update delivery set state = 'deferred', attempts = 1, next_at = 1000 + id where id % 100 = 0;
    update delivery set state = 'unknown', attempts = 1, trouble_at = 1000 where id % 1000 = 1;
    update slice set token = 1;
    select free_slice(round_id, first_id) from slice;
    update slice set tally = null where first_id < 5000;
    analyze`)
}, 120_000)
afterAll(async () => {
  await database.close()
  await bed.stop()
})

interface Plan {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Actual Rows'?: number
  readonly 'Actual Loops'?: number
  readonly 'Rows Removed by Filter'?: number
  readonly Plans?: readonly Plan[]
}

const big = new Set(['subscriber', 'subscription', 'delivery'])

function nodes(plan: Plan): readonly Plan[] {
  return [plan, ...(plan.Plans ?? []).flatMap(nodes)]
}

/** What is wrong with a plan: a big table read from end to end, rows read in vain, or many rows sorted. */
function faults(plan: Plan): readonly string[] {
  return nodes(plan).flatMap((node) => {
    const { 'Node Type': type, 'Relation Name': table = '' } = node
    const rows = (node['Actual Rows'] ?? 0) * (node['Actual Loops'] ?? 1)
    const vain = node['Rows Removed by Filter'] ?? 0
    if (/Seq Scan/.test(type) && big.has(table)) return [`${type} of ${table}`]
    if (/Sort/.test(type) && rows > 10_000) return [`${type} of ${rows} rows`]
    return vain > 10_000 ? [`${type} of ${table} reads ${vain} rows in vain`] : []
  })
}

async function planOf(statement: string, values: readonly Value[]): Promise<Plan> {
  const text = `explain (analyze, timing off, format json) ${statement}`
  const row = await database.row(text, values)
  const [found] = JSON.parse(String(row?.['QUERY PLAN'])) as readonly { readonly Plan: Plan }[]
  if (found === undefined) throw new Error('no plan')
  return found.Plan
}

test('a plan that reads a big table from end to end is found out', async () => {
  expect(faults(await planOf("select id from delivery where reply = 'x'", []))).not.toEqual([])
  expect(
    faults(await planOf('select id from delivery where round_id = 1 order by subscriber_id, reply', [])),
  ).not.toEqual([])
})

test.each<[string, string, readonly Value[]]>([
  ['the next that is due', sql.nextDue, [ROUND, 500]],
  ['the unknown', sql.unknowns, [ROUND]],
  ['how many are unknown', sql.countUnknown, [ROUND]],
  ['the states', sql.tally, [ROUND]],
  ['whether any has gone out', sql.hasGoneOut, [ROUND]],
  ['whether its rows were taken out', sql.isTakenOut, [ROUND]],
  ['what was begun in an hour', sql.begunSince, [0]],
  ['that it is done', sql.setRoundState, ['done', null, 1, ROUND, null]],
  ['a part of the audience', sql.audience, ['weekly', 40_000, 50_000]],
  ['a part of whom a round would reach', roundAudience, ['weekly', [ROUND], ROUND, 40_000, 50_000]],
  ['a part of whom the next would reach', roundAudience, ['weekly', [ROUND], null, 40_000, 50_000]],
  ['a part of whom a first would reach', roundAudience, ['weekly', [], null, 40_000, 50_000]],
])('%s: by an index', async (_, statement, values) => {
  expect(faults(await planOf(statement, values))).toEqual([])
})

test('reading a round whole reads what was counted, and the rows of its slices nowhere but where somebody has them', async () => {
  await database.script(`update slice set tally = null where first_id between 40000 and 42000`)
  for (const [statement, values] of [
    [sql.tally, [ROUND]],
    [sql.begunSince, [0]],
    [sql.setRoundState, ['paused', null, 1, ROUND, null]],
    [sql.setRoundState, ['sending', null, 1, ROUND, null]],
  ] as const) {
    const read = nodes(await planOf(statement, values)).filter((node) => node['Relation Name'] === 'delivery')
    for (const node of read)
      expect((node['Actual Rows'] ?? 0) * (node['Actual Loops'] ?? 1)).toBeLessThan(12_000)
  }
})

async function readsAreShort(): Promise<void> {
  const quickest = async (work: () => Promise<unknown>): Promise<number> => {
    let best = Number.POSITIVE_INFINITY
    for (let time = 0; time < 3; time++) {
      const begun = performance.now()
      await work()
      best = Math.min(best, performance.now() - begun)
    }
    return best
  }
  const store = openPostgresDeliveries(database)
  const parts = Math.ceil(ROWS / 10_000)
  expect(await quickest(() => store.tally(ROUND))).toBeLessThan(100)
  expect(await quickest(() => store.begunSince(0))).toBeLessThan(100)
  expect(await quickest(() => store.setState(ROUND, 'done', null))).toBeLessThan(100)
  // In parts, each of a statement.
  expect((await quickest(() => store.audience('weekly'))) / (parts + 1)).toBeLessThan(100)
  const schedule = openPostgresSchedule(database)
  for (const [issue, round] of [
    ['i', 1],
    ['i', 2],
    ['new', 1],
  ] as const) {
    const asked = { issue, number: round, kind: 'real', newsletter: 'weekly' } as const
    expect((await quickest(() => schedule.audience(asked))) / (parts + 1)).toBeLessThan(100)
  }
  const reports = openPostgresReports(database)
  const at = await quickest(() => reports.deliveriesAt('i', address('reader5@reader.test')))
  expect(at / Math.ceil(ROWS / 50_000)).toBeLessThan(100)
}
test('what workers do reads some thousand rows at most, of which none in vain', async () => {
  const store = openPostgresDeliveries(database)
  const reads = async (): Promise<number> => {
    // What this session and the pool's others have read is told now.
    await tellStatistics(database)
    const row = await database.row(
      `select sum(seq_tup_read + idx_tup_fetch)::bigint as rows, sum(seq_tup_read)::bigint as whole
       from pg_stat_user_tables where relname in ('subscriber', 'subscription', 'delivery')`,
    )
    return Number(row?.['rows'])
  }
  await reads()
  const before = await reads()
  const rows = await store.claim(ROUND, 500)
  for (let at = 0; at < rows.length; at += 50)
    await store.advance(
      ROUND,
      rows
        .slice(at, at + 50)
        .map(({ id }) => ({ settle: null, begin: { id, messageId: `<${id}@x>`, at: 1 } })),
    )
  await store.release(ROUND)
  expect(rows.length).toBe(500)
  // Some ten a message; the whole list would be a hundred thousand at once.
  expect((await reads()) - before).toBeLessThan(rows.length * 40)
})

// After what is counted above: other connections tell late what they have read.
if (timed) test('no read of a round takes a tenth of a second', readsAreShort)

test('cancelling writes some slices at a time, and is counted at once', async () => {
  const store = openPostgresDeliveries(database)
  const begun = performance.now()
  expect(await store.setState(ROUND, 'cancelled', null)).toMatchObject({ state: 'cancelled' })
  if (timed) expect(((performance.now() - begun) / ROWS) * 1_000).toBeLessThan(60)
  expect(await store.tally(ROUND)).toMatchObject({ queued: 0, deferred: 0, cancelled: expect.any(Number) })
  // What somebody has is written once they give it back.
  await store.recover(ROUND)
  const left = await database.row(
    `select count(*) as count from delivery where state in ('queued', 'deferred')`,
  )
  expect(left?.['count']).toBe(0)
}, 120_000)
