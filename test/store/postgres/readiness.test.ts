import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openApp } from '../../../src/app.ts'
import { loadConfig } from '../../../src/config.ts'
import { createTokens } from '../../../src/core/token.ts'
import { openSite } from '../../../src/open-site.ts'
import { openPool, type Postgres } from '../../../src/store/postgres/pool.ts'
import { mailFormat, openPostgresHealth } from '../../../src/store/postgres/site-health.ts'
import { openPostgresSubscribers } from '../../../src/store/postgres/subscribers.ts'
import { parseAddress } from '../../../src/subscribers/address.ts'
import { startPostgres, type PostgresBed } from '../../contract/postgres-bed.ts'
import { startProxy } from '../../faults/silent-proxy.ts'

let bed: PostgresBed
beforeAll(async () => {
  bed = await startPostgres()
})
afterAll(() => bed.stop())

test('while the database is gone the site lives, is not ready, and says so to readers soon; then it is again', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'onrecord-readiness-'))
  const environment = { BASE_URL: 'http://localhost:4870', DATABASE_URL: await bed.emptyUrl() }
  const dir = join(import.meta.dirname, '../../..')
  const app = await openApp(loadConfig({ dir, dataDir, environment }), { patience: 1_000 })
  const said: string[] = []
  const site = await openSite(app, {
    mails: false,
    log: (level, event, fields) => {
      if (level !== 'debug' && event !== 'request') said.push(`${event}: ${String(fields?.['why'])}`)
    },
  })
  const ask = async (path: string) => {
    const began = performance.now()
    const { status, headers } = await site.fetch(new Request(`http://localhost:4870${path}`))
    return { status, retryAfter: headers.get('Retry-After'), ms: performance.now() - began }
  }
  /** Asks until it is so, and tells after how many milliseconds it was. */
  const until = async (status: number): Promise<number> => {
    const began = performance.now()
    while ((await ask('/readyz')).status !== status && performance.now() - began < 20_000) await sleep(50)
    return performance.now() - began
  }
  try {
    expect([(await ask('/readyz')).status, said]).toEqual([200, []])
    await bed.restart(async () => {
      expect(await until(503)).toBeLessThan(5_000)
      const alive = await ask('/healthz')
      expect([alive.status, alive.ms < 500]).toEqual([200, true])
      const page = await ask('/')
      expect([page.status, page.retryAfter, page.ms < 3_000]).toEqual([503, '5', true])
      // What is known of the process is told all the same.
      const metrics = await (await site.fetch(new Request('http://localhost/metrics'))).text()
      expect(metrics).toContain('process_resident_memory_bytes ')
    })
    expect(await until(200)).toBeLessThan(5_000)
    expect((await ask('/')).status).toBe(200)
    const shut = expect.stringMatching(/^not ready: the store /)
    expect(said).toEqual([shut, 'store: undefined', 'ready: null'])
  } finally {
    await site.close()
    await app.close()
    await rm(dataDir, { recursive: true })
  }
}, 40_000)

test('a network that swallows everything holds no page up, and what was asked on it answers nobody else', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'onrecord-silence-'))
  const url = new URL(await bed.emptyUrl())
  const proxy = await startProxy(Number(url.port))
  url.port = String(proxy.port)
  const environment = { BASE_URL: 'http://localhost:4870', DATABASE_URL: url.href }
  const dir = join(import.meta.dirname, '../../..')
  const app = await openApp(loadConfig({ dir, dataDir, environment }), { patience: 500 })
  const site = await openSite(app, { mails: false, log: () => undefined })
  /** Each with a session of its own to look for, and more of them than there are connections. */
  const ask = () =>
    Promise.all(
      Array.from({ length: 12 }, async (_, index) => {
        const began = performance.now()
        const headers = { Cookie: `reader=${String(index).padStart(52, 'a')}` }
        const answer = await site.fetch(new Request('http://localhost:4870/', { headers }))
        const soon = performance.now() - began < 3_000
        return [answer.status, answer.headers.get('Retry-After'), soon]
      }),
    )
  const form = () =>
    site.fetch(
      new Request('http://localhost:4870/subscribe', {
        method: 'POST',
        body: 'email=reader%40reader.test&newsletter=weekly',
        headers: {
          'Content-Type': 'application/x-www-form-urlencoded',
          'Sec-Fetch-Site': 'same-origin',
          Origin: 'http://localhost:4870',
        },
      }),
    )
  const twelve = (answer: readonly unknown[]) => Array.from({ length: 12 }, () => answer)
  const [shown, refused] = [twelve([200, null, true]), twelve([503, '5', true])]
  try {
    expect(await ask()).toEqual(shown)
    const before = proxy.ports()
    expect(before.length).toBeGreaterThan(5)
    proxy.silence()
    expect(await ask()).toEqual(refused)
    // Now none is open, and none can be made.
    expect(await ask()).toEqual(refused)
    expect((await form()).status).toBe(503)
    proxy.heal()
    expect(await ask()).toEqual(shown)
    expect((await form()).status).toBe(200)
    await vi.waitFor(() => expect(proxy.ports().filter((port) => before.includes(port))).toEqual([]), 5_000)
    // A form alone meets the silence too: its transaction does not begin.
    proxy.silence()
    expect((await form()).status).toBe(503)
    proxy.heal()
    expect((await form()).status).toBe(200)
  } finally {
    await site.close()
    await app.close()
    proxy.close()
    await rm(dataDir, { recursive: true })
  }
}, 40_000)

test('a site that starts while another process is at the schema waits for that one', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'onrecord-start-'))
  const database = await bed.open()
  const environment = { BASE_URL: 'http://localhost:4870', DATABASE_URL: database.url }
  const config = loadConfig({ dir: join(import.meta.dirname, '../../..'), dataDir, environment })
  const starting = await database.transaction(async (connection) => {
    await connection.script('lock table migration')
    const app = openApp(config, { patience: 200 })
    await vi.waitFor(async () => expect(await waiting(database)).toBe(1), 5_000)
    await sleep(300)
    return { app }
  })
  await (await starting.app).close()
  await database.close()
  await rm(dataDir, { recursive: true })
})

test('what was given up works for nobody: the server ends it', async () => {
  const database = await bed.open()
  const site = openPool(database.url, { answer: 100 })
  site.opened()
  await database.transaction(async (connection) => {
    await connection.script('lock table session')
    for (let time = 0; time < 3; time++)
      await expect(site.row('select count(*) from session')).rejects.toThrow('cannot be reached')
    const { version } =
      (await database.row("select current_setting('server_version_num')::int as version")) ?? {}
    // 13 cannot know that nobody is there, until it has something to say.
    await vi.waitFor(
      async () => expect(await waiting(database)).toBe(Number(version) < 140_000 ? 3 : 0),
      5_000,
    )
  })
  await site.close()
  await database.close()
})

/** How many statements of that database wait for a lock. */
async function waiting(database: Postgres): Promise<number> {
  const found = await database.row(`
    select count(*) as count from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`)
  return Number(found?.['count'])
}

test('tells how the latest real round stands, whether a newer version has the schema, and who wants text', async () => {
  const database = await bed.open()
  const health = openPostgresHealth(database)
  expect([await health.schemaIsCurrent(), await health.latestDeliveries()]).toEqual([true, []])
  // A round that ended, as its slices tell it: no row of it is read.
  await database.script(`
    insert into round (issue, newsletter, kind, number, state, transport, settings, editions, started_at)
    select 'i', 'weekly', kind, 1, 'done', 'smtp://test', '{}', '{}', 0 from unnest(array['real', 'rehearsal']) kind;
    insert into slice (round_id, first_id, last_id, tally)
    select id, n * 500, n * 500 + 499, '{"accepted": 499, "rejected": 1}' from round, generate_series(1, 2000) n;
    analyze`)
  const began = performance.now()
  expect(await health.latestDeliveries()).toEqual(
    expect.arrayContaining([
      { state: 'accepted', count: 998_000 },
      { state: 'rejected', count: 2_000 },
    ]),
  )
  // Some milliseconds, on a machine that does nothing else.
  expect(performance.now() - began).toBeLessThan(500)

  const tokens = createTokens('0123456789abcdef0123456789abcdef')
  const address = parseAddress('Reader@reader.test')
  if (!address.ok) throw new Error(address.reason)
  await openPostgresSubscribers(database, tokens).add({
    ...{ address: address.value, name: null, tier: 'subscriber', newsletter: 'weekly' },
    ...{ source: 'test', again: false },
  })
  expect(await mailFormat(database, tokens, 'reader@READER.test')).toBe('html')
  await database.script("update subscriber set format = 'text'")
  expect(await mailFormat(database, tokens, 'reader@READER.test')).toBe('text')
  for (const nobody of ['nobody@reader.test', 'no address'])
    expect(await mailFormat(database, tokens, nobody)).toBe('html')

  await database.script("insert into migration (number, name, applied_at) values (999, 'later', 0)")
  expect(await health.schemaIsCurrent()).toBe(false)
  await database.close()
})
