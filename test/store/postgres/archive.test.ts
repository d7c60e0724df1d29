import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Tier } from '../../../src/core/tier.ts'
import type { Archive } from '../../../src/delivery/archive.ts'
import type { Edition } from '../../../src/email/edition.ts'
import { archiveStatements, openPostgresArchive } from '../../../src/store/postgres/archive.ts'
import { currentVersion } from '../../../src/store/postgres/archive-version.ts'
import { openPostgresEditions } from '../../../src/store/postgres/editions.ts'
import { openPool } from '../../../src/store/postgres/pool.ts'
import { searchColumns, searchExpression } from '../../../src/store/postgres/search-text.ts'
import { searchStatements } from '../../../src/store/postgres/search.ts'
import { searchTerms } from '../../../src/store/search-query.ts'
import { archiveContract, twoIssues } from '../../contract/archive.ts'
import { startPostgres, tellStatistics, type PostgresBed } from '../../contract/postgres-bed.ts'

let bed: PostgresBed
beforeAll(async () => {
  bed = await startPostgres()
})
afterAll(() => bed.stop())

/** A little longer than a version holds. */
const seen = () => sleep(60)

async function open() {
  const clock = { time: Date.parse('2025-11-20T08:00:00Z'), now: () => clock.time }
  const database = await bed.open(clock)
  const editions = openPostgresEditions(database)
  return { clock, database, archive: await openPostgresArchive(database), editions }
}

archiveContract('PostgreSQL', async () => {
  const { database, ...rest } = await open()
  return { ...rest, seen, close: () => database.close() }
})

const tables = ['site_issue', 'site_brief', 'source_place', 'correction']
const searches = ['search_public', 'search_subscriber', 'search_member']

test('what is not taken in yet is when the archive is opened, by whoever opens it first', async () => {
  const { database, editions } = await open()
  for (const issue of await twoIssues()) await editions.publish(issue)
  const rows = () =>
    Promise.all(
      [
        ...tables.map((table) => `select * from ${table} order by 1, 2, 3, 4`),
        ...searches.map((table) => `select issue, brief, title, folded, vector from ${table} order by 1, 2`),
      ].map((statement) => database.rows(statement)),
    )
  const before = await rows()
  await database.script([...tables, ...searches].map((table) => `delete from ${table}`).join(';'))
  await Promise.all([1, 2, 3].map(() => openPostgresArchive(database)))
  expect(await rows()).toEqual(before)
  await database.script("update site_issue set index_version = 0; update site_brief set title = 'old'")
  await openPostgresArchive(database)
  expect(await rows()).toEqual(before)
  await database.close()
})

test('an issue frozen before there were documents is listed, and gets its own when it is published again', async () => {
  const { database, editions, archive } = await open()
  const [one] = await twoIssues()
  const plain = Object.fromEntries(
    Object.entries(one).map(([tier, { page: _page, ...edition }]) => [tier, edition]),
  ) as unknown as typeof one
  await editions.publish(plain)
  expect(await archive.heads('public')).toMatchObject([{ issue: 'one', lang: 'en', briefs: [] }])
  expect(await archive.page(one.public.hash)).toEqual({ document: null, web: one.public.web })
  expect(await archive.works('public')).toEqual([])
  await editions.publish(one)
  expect(await archive.page(one.public.hash)).toEqual({ document: one.public.page, web: null })
  expect((await archive.works('public')).length).toBeGreaterThan(0)
  await database.close()
})

test('what another process publishes is seen within 50 ms, by one small question for all who ask meanwhile', async () => {
  const { database, editions } = await open()
  let asked = 0
  const other = openPool((database as typeof database & { url: string }).url)
  const archive = await openPostgresArchive({
    ...other,
    row: (...given: Parameters<typeof other.row>) => (asked++, other.row(...given)),
  })
  const [one, two] = await twoIssues()
  await editions.publish(one)
  const before = await archive.version()
  expect((await archive.editionOf('one', 'public'))?.hash).toBe(one.public.hash)
  await editions.publish(two)
  await seen()
  expect(await archive.version()).toBeGreaterThan(before)
  await archive.editionOf('one', 'public')
  const known = asked
  const began = performance.now()
  for (let time = 0; time < 100; time++)
    await Promise.all([archive.version(), archive.changedAt(), archive.editionOf('one', 'public')])
  // A version holds for 50 ms.
  expect(asked - known).toBeLessThanOrEqual(1 + (performance.now() - began) / 50)
  await other.close()
  await database.close()
})

test('whoever publishes an issue last, of several at once, is who is listed and found', async () => {
  const { database, editions, archive } = await open()
  const other = openPool((database as typeof database & { url: string }).url)
  const [one, two] = await twoIssues()
  const of = (tier: Tier, number: number): Edition => ({
    ...two[tier],
    ...{ issue: 'one', hash: `${number}${two[tier].hash.slice(1)}` },
  })
  await Promise.all(
    [1, 2, 3, 4, 5, 6].map((number) => {
      const corrected = number % 2 === 0 ? editions : openPostgresEditions(other)
      if (number === 3) return corrected.publish(one)
      return corrected.publish({
        public: of('public', number),
        subscriber: of('subscriber', number),
        member: of('member', number),
      })
    }),
  )
  const rows = await database.rows(
    'select distinct p.edition_hash = i.edition_hash as same from published p join site_issue i using (issue, tier)',
  )
  expect(rows).toEqual([{ same: true }])
  const [head] = await archive.heads('member')
  const found = await archive.search('cranes', 'member', { from: 0, count: 9 })
  const isOne = head?.subject === one.member.subject
  // Each once, and nothing of the others.
  expect(found.hits.map(({ brief }) => brief).toSorted()).toEqual(isOne ? ['quay'] : ['lock', 'vault'])
  await other.close()
  await database.close()
})

test('a text of any length is taken in, and its words are found', async () => {
  const { database } = await open()
  const texts = [
    Array.from({ length: 120_000 }, (_, index) => `word${index}`).join(' '),
    Array.from({ length: 40_000 }, () => 'the same').join(' '),
    `${'x'.repeat(9_000)} ${'é'.repeat(9_000)} ${'港'.repeat(3_000)} \u{10ffff} \ue000 a\u0301\u0301 ก็ ''\\`,
  ]
  for (const [index, text] of texts.entries()) {
    const { vector, folded } = searchColumns('Title', text)
    await database.run(
      `insert into search_public (issue, brief, title, words, folded, vector) values ($1, '', 't', '', $2, $3::tsvector)`,
      [`i${index}`, folded, vector],
    )
  }
  const found = async (query: string): Promise<string> => {
    const { all, phrases } = searchExpression(searchTerms(query))
    const rows = await database.rows(
      `select issue from search_public where vector @@ $1::tsquery
       and not exists (select 1 from unnest($2::text[]) p where strpos(folded, p) = 0)`,
      [all, phrases],
    )
    return rows.map((row) => String(row['issue'])).join()
  }
  expect(await found('word7 title')).toBe('i0')
  expect(await found('"the same the same"')).toBe('i1')
  expect(await found('"the the"')).toBe('')
  expect(await found('x'.repeat(70))).toBe('i2')
  expect(await found('Á')).toBe('i2')
  await database.close()
})

describe('with 500 issues', () => {
  let database: Awaited<ReturnType<typeof open>>['database']
  let archive: Archive
  beforeAll(async () => {
    ;({ database, archive } = await open())
    await database.script(fiveHundred)
  })
  afterAll(() => database.close())

  interface Plan {
    readonly 'Node Type': string
    readonly 'Relation Name'?: string
    readonly 'Actual Rows': number
    readonly 'Actual Loops': number
    readonly 'Rows Removed by Filter'?: number
    readonly Plans?: readonly Plan[]
  }

  const nodes = (plan: Plan): readonly Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodes)]

  async function planOf(
    statement: string,
    values: readonly (string | number | readonly number[] | readonly string[])[],
  ): Promise<Plan> {
    const row = await database.row(`explain (analyze, timing off, format json) ${statement}`, values)
    const [found] = JSON.parse(String(row?.['QUERY PLAN'])) as readonly { readonly Plan: Plan }[]
    if (found === undefined) throw new Error('no plan')
    return found.Plan
  }

  /** Tables that are read from end to end. */
  const whole = (plan: Plan): readonly string[] =>
    nodes(plan).flatMap((node) => (/Seq Scan/.test(node['Node Type']) ? (node['Relation Name'] ?? '') : []))

  const reads = (plan: Plan): number =>
    nodes(plan)
      .filter((node) => node['Relation Name'] !== undefined)
      .reduce(
        (sum, node) =>
          sum + (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'],
        0,
      )

  test('a plan that reads a table from end to end is found out', async () => {
    expect(whole(await planOf("select hash from edition where subject = 'x'", []))).toEqual(['edition'])
  })

  test.each<[string, string, readonly (string | number | number[])[], number]>([
    ['which edition an issue shows', archiveStatements.editionOf, ['i250', 'public'], 2],
    ['when it was first out', archiveStatements.firstOut, ['i250'], 10],
    ['its page', archiveStatements.page, ['hi250public'], 1],
    ['its sources', archiveStatements.body, ['hi250public'], 1],
    ['where a source is cited', archiveStatements.sourcePlaces, ['i250', 's3', 'public'], 100],
    ['the version', currentVersion, [], 2],
    ['what a page of hits shows', searchStatements('public').hits, [[1, 2, 3]], 9],
  ])('%s: by indexes, of which none gives much more than is shown', async (_, statement, values, most) => {
    const plan = await planOf(statement, values)
    expect(whole(plan).filter((table) => table !== 'site_version')).toEqual([])
    expect(reads(plan)).toBeLessThanOrEqual(most)
  })

  test('a list reads no more than the tables have, once', async () => {
    for (const statement of [archiveStatements.listed, archiveStatements.corrections])
      expect(reads(await planOf(statement, ['public']))).toBeLessThan(1_500 + 1_500 + 500 * 8 * 3 + 1)
  })

  test.each([
    ['a page of issues', archiveStatements.heads, 8],
    ['the works of some issues', archiveStatements.works, 20],
  ])('%s: what those issues have, by indexes, and of no other', async (_, statement, each) => {
    // Of many of so few, PostgreSQL rightly reads the whole table.
    const issues = ['i200', 'i250', 'i300']
    const plan = await planOf(statement, ['public', issues])
    expect(whole(plan)).toEqual([])
    // Of a bitmap the index and the table each count a row.
    expect(reads(plan)).toBeLessThanOrEqual(issues.length * (3 + 2 * each))
  })

  test('a search reads the index and what it weighs, never the table; of equals the later stands first', async () => {
    const scans = async (): Promise<number> => {
      await tellStatistics(database)
      const row = await database.row(
        "select coalesce(sum(seq_scan), 0)::int as scans from pg_stat_user_tables where relname like 'search%'",
      )
      return Number(row?.['scans'])
    }
    await scans()
    const before = await scans()
    const common = await archive.search('common', 'public', { from: 980, count: 20 })
    expect([common.total, common.hits.length]).toEqual([1_000, 20])
    const [first] = (await archive.search('common', 'public', { from: 0, count: 1 })).hits
    expect([first?.issue, first?.brief]).toEqual(['i500', 'b8'])
    expect((await archive.search('"common ground" rare77x', 'public', { from: 0, count: 9 })).total).toBe(1)
    for (const tier of ['subscriber', 'member'] as const)
      expect((await archive.search('common', tier, { from: 0, count: 9 })).total).toBe(0)
    expect((await scans()) - before).toBe(0)
  })
})

const fiveHundred = `
  insert into edition (hash, issue, newsletter, tier, subject, date, body, created_at, page)
  select 'hi' || g || t, 'i' || g, 'weekly', t, 'S', to_char(date '2010-01-01' + g * 7, 'YYYY-MM-DD'), '{}', 0, '{}'
  from generate_series(1, 500) g, unnest(array['public', 'subscriber', 'member']) t;
  insert into published select issue, tier, hash, 1000, 1000 from edition;
  insert into round (issue, newsletter, kind, number, state, transport, settings, editions, started_at)
  select 'i' || g, 'weekly', 'real', 1, 'done', 'smtp://test', '{}', '{}', 900 from generate_series(1, 500) g;
  insert into site_issue select issue, tier, hash, 1, 'p', 'en' from edition;
  insert into site_brief select issue, tier, 'b' || b, b, 'T', 'S' from edition, generate_series(1, 8) b;
  insert into source_place select issue, tier, 's' || s, 'b1', 'w' || (substr(issue, 2)::int * 7 + s) % 3000
  from edition, generate_series(1, 20) s;
  insert into correction select issue, tier, 'b1', 1, date, 'words' from edition;
  insert into search_public (issue, brief, title, words, folded, vector)
  select 'i' || g, 'b' || b, 'T', 'common ground', ' t \n common ground rare' || n || 'x ',
    ('''t'':1A ''common'':2 ''ground'':3 ''rare' || n || 'x'':4')::tsvector
  from generate_series(1, 500) g, generate_series(1, 8) b, lateral (select g * 8 + b) as w (n) order by n;
  analyze;`
