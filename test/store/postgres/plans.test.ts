import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPostgresDeliveries } from '../../../src/store/postgres/deliveries.ts'
import * as sql from '../../../src/store/postgres/delivery-statements.ts'
import type { Postgres } from '../../../src/store/postgres/pool.ts'
import { startPostgres, type PostgresBed } from '../../contract/postgres-bed.ts'

/*
 * The plans of hot statements, on tables so large that the planner chooses as it does for a million rows: its
 * choices turn at some thousands. ONRECORD_PLAN_ROWS=1000000 takes the million itself.
 */
const ROWS = Number(process.env['ONRECORD_PLAN_ROWS'] ?? 100_000)
const ROUND = 1

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
  // A million in 20 seconds, and room for others that have the machine too.
  expect(((performance.now() - begun) / ROWS) * 1_000).toBeLessThan(60)
  // One in a hundred is put off, one in a thousand unknown.
  await database.script(
    `
    update delivery set state = 'deferred', attempts = 1, next_at = 1000 + id where id % 100 = 0;
    update delivery set state = 'unknown', attempts = 1, trouble_at = 1000 where id % 1000 = 1;
    update slice set tally = null, token = 1 where first_id < 5000;
    analyze`.replace('vacuum analyze', 'analyze'),
  )
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

async function planOf(statement: string, values: readonly (string | number | null)[]): Promise<Plan> {
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

test.each<[string, string, readonly (string | number | null)[]]>([
  ['the next that is due', sql.nextDue, [ROUND, 500]],
  ['the unknown', sql.unknowns, [ROUND]],
  ['how many are unknown', sql.countUnknown, [ROUND]],
  ['the states', sql.tally, [ROUND]],
  ['whether any has gone out', sql.hasGoneOut, [ROUND]],
])('%s: by an index', async (_, statement, values) => {
  expect(faults(await planOf(statement, values))).toEqual([])
})

test('what workers do reads some thousand rows at most, of which none in vain', async () => {
  const store = openPostgresDeliveries(database)
  const reads = async (): Promise<number> => {
    // What this session and the pool's others have read is told now.
    await database.script('select pg_stat_force_next_flush()')
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
