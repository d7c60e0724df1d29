import fc from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import { createLog } from '../../src/core/log.ts'
import { createMetrics } from '../../src/site/metrics.ts'
import { unsubscribeToken } from '../../src/subscribers/unsubscribe-token.ts'
import { openBed, type SiteBed } from './bed.ts'
import { parseExposition } from './exposition.ts'

let bed: SiteBed
beforeEach(async () => {
  bed = await openBed()
})

/** A request as it comes in from `peer` on a socket. */
async function from(
  peer: string,
  path: string,
  headers: Record<string, string> = {},
  of: SiteBed = bed,
): Promise<Response> {
  return of.site.request(path, { headers }, { incoming: { socket: { remoteAddress: peer } } })
}

test('health is always ok; readiness follows what the site is told, and neither may be kept', async () => {
  expect(await (await bed.site.request('/healthz')).text()).toBe('ok\n')
  expect((await bed.site.request('/readyz')).status).toBe(200)
  const ending = await openBed({ ready: async () => false })
  const answer = await ending.site.request('/readyz')
  expect([answer.status, await answer.text()]).toEqual([503, 'not ready\n'])
  expect(answer.headers.get('Cache-Control')).toBe('no-store')
  expect((await ending.site.request('/healthz')).status).toBe(200)
})

test('metrics are what a parser of the text format takes, and count what was asked', async () => {
  await bed.publish('2025-w46')
  for (const path of ['/', '/issues/2025-w46', '/issues/none', '/nowhere']) await bed.site.request(path)
  const response = await bed.site.request('/metrics')
  expect(response.headers.get('Content-Type')).toBe('text/plain; version=0.0.4; charset=utf-8')
  const families = parseExposition(await response.text())
  const requests = families.get('onrecord_http_requests_total')
  expect(requests?.type).toBe('counter')
  expect(requests?.samples.map(({ labels, value }) => [labels, value])).toEqual([
    [{ method: 'GET', route: '/', status: '200' }, 1],
    [{ method: 'GET', route: '/issues/:issue', status: '200' }, 1],
    [{ method: 'GET', route: '/issues/:issue', status: '404' }, 1],
    [{ method: 'GET', route: 'none', status: '404' }, 1],
  ])
  const seconds = families.get('onrecord_http_request_seconds')
  expect(seconds?.type).toBe('histogram')
  const counts = seconds?.samples.filter(({ name }) => name.endsWith('_count')) ?? []
  expect(counts.map(({ labels, value }) => [labels['route'], value])).toContainEqual(['/issues/:issue', 2])
  expect(families.get('process_resident_memory_bytes')?.samples[0]?.value).toBeGreaterThan(1e6)
})

test('whatever is asked for, the number of series stays bounded and names nothing of it', async () => {
  const before = createMetrics()
  const deps = await openBed({ metrics: before })
  await fc.assert(
    fc.asyncProperty(fc.webPath(), fc.webQueryParameters(), async (path, query) => {
      await deps.site.request(`/marked${path}?q=marked${query}`, { method: 'PROPFIND' })
    }),
    { numRuns: 200 },
  )
  const text = await before.text()
  expect(text).not.toContain('marked')
  const { samples = [] } = parseExposition(text).get('onrecord_http_requests_total') ?? {}
  expect(samples.length).toBeLessThan(4)
  expect(samples[0]?.labels['method']).toBe('other')
})

test('series past the bound are counted as one, and odd label values are escaped', async () => {
  const metrics = createMetrics()
  for (let number = 0; number < 1_000; number++)
    metrics.count('onrecord_sign_ups_total', { state: `made up ${number} "\\\n` })
  const { samples = [] } = parseExposition(await metrics.text()).get('onrecord_sign_ups_total') ?? {}
  expect(samples.length).toBe(401)
  expect(samples[3]?.labels['state']).toBe('made up 3 "\\\n')
  expect(samples.at(-1)).toMatchObject({ labels: { state: 'other' }, value: 600 })
})

test('without a token, metrics are for programs on this machine that ask it by its own name', async () => {
  expect((await from('127.0.0.1', '/metrics', { Host: '127.0.0.1:4870' })).status).toBe(200)
  expect((await from('::ffff:127.0.0.1', '/metrics', { Host: 'localhost:4870' })).status).toBe(200)
  expect((await from('::1', '/metrics', { Host: '[::1]:4870' })).status).toBe(200)
  const refused = [
    await from('192.0.2.7', '/metrics', { Host: 'localhost' }),
    await from('127.0.0.1', '/metrics', { Host: 'brief.example.org' }),
    ...(await Promise.all(
      ['X-Forwarded-For', 'X-Real-IP', 'Forwarded', 'Via', 'X-Forwarded-Host'].map((name) =>
        from('127.0.0.1', '/metrics', { Host: 'localhost', [name]: '127.0.0.1' }),
      ),
    )),
  ]
  for (const answer of refused) {
    expect(answer.status).toBe(404)
    expect(await answer.text()).not.toContain('onrecord_')
  }
})

test('with a token, metrics are for who has it, wherever they are', async () => {
  const locked = await openBed({ metricsToken: 'sixteen-or-more-letters' })
  const ask = (authorization?: string): Promise<Response> =>
    from('192.0.2.7', '/metrics', authorization ? { Authorization: authorization } : {}, locked)
  expect((await ask('Bearer sixteen-or-more-letters')).status).toBe(200)
  for (const wrong of [undefined, 'Bearer ', 'Bearer sixteen-or-more-letter', 'sixteen-or-more-letters']) {
    const answer = await ask(wrong)
    expect(answer.status).toBe(401)
    expect(answer.headers.get('WWW-Authenticate')).toContain('Bearer')
    expect(await answer.text()).not.toContain('onrecord_')
  }
  expect((await from('127.0.0.1', '/metrics', { Host: 'localhost' }, locked)).status).toBe(401)
})

test('no surface writes an address, a token, a path or a query into the log or the metrics', async () => {
  const mark = 'zq7marked'
  const metrics = createMetrics()
  const lines: string[] = []
  const raw: string[] = []
  const written = createLog('debug', (line) => lines.push(line))
  const quiet = await openBed({
    metrics,
    trustProxy: 1,
    log: (level, event, fields) => {
      raw.push(JSON.stringify([level, event, fields]))
      written(level, event, fields)
    },
  })
  await quiet.publish('2025-w46')
  const { publicId } = await quiet.person(`${mark}@reader.test`)
  const real = unsubscribeToken(quiet.tokens, { publicId, newsletter: 'weekly' })
  const routes = quiet.site.routes.filter(({ method, path }) => method !== 'ALL' && !path.endsWith('*'))
  expect(routes.length).toBeGreaterThan(10)
  for (const { method, path } of routes) {
    for (const filling of [mark, real, `${mark}@reader.test`]) {
      const asked = path.replace(/:[a-z]+(\{[^}]*\})?\??/gi, encodeURIComponent(filling))
      await quiet.site.request(`${asked}?q=${mark}&email=${mark}%40reader.test&token=${real}`, {
        method,
        headers: {
          'X-Forwarded-For': '203.0.113.77',
          'User-Agent': mark,
          Referer: `https://brief.example.org/u/${real}`,
          Cookie: `__Host-reader=${mark}`,
          Origin: 'https://brief.example.org',
          'Sec-Fetch-Site': 'same-origin',
          'Content-Type': 'application/x-www-form-urlencoded',
        },
        ...(method === 'POST'
          ? { body: `email=${mark}%40reader.test&newsletter=weekly&token=${real}&from=page` }
          : {}),
      })
    }
  }
  expect(raw.length).toBeGreaterThanOrEqual(routes.length)
  for (const text of [...raw, ...lines, await metrics.text()]) {
    expect(text).not.toMatch(/@|%40|\?|203\.0\.113/)
    expect(text).not.toContain(mark)
    expect(text).not.toContain(real)
    expect(text).not.toContain(publicId)
  }
})

test('what a proxy of ours wrote is believed, whatever stood in the header before it', async () => {
  const address = fc.oneof(fc.ipV4(), fc.ipV6())
  const junk = fc.oneof(
    address,
    fc.constantFrom('unknown', '', '127.0.0.1', ', ,', '"', '_hidden', '1.2.3.4:5'),
  )
  const beds = await Promise.all([0, 1, 2, 3].map((trustProxy) => addressBed(trustProxy)))
  await fc.assert(
    fc.asyncProperty(
      fc.array(junk, { maxLength: 4 }),
      address,
      fc.array(fc.ipV4(), { minLength: 3, maxLength: 3 }),
      fc.integer({ min: 0, max: 3 }),
      async (spoofed, client, proxies, hops) => {
        // Each proxy adds whom it was asked by: the first the client, the next the first …
        const chain = [client, ...proxies].slice(0, hops + 1)
        const peer = chain.at(-1) ?? client
        const header = [...spoofed, ...chain.slice(0, -1)].join(', ')
        const seen = await beds[hops]?.(peer, header)
        expect(seen).toBe(canonical(client))
      },
    ),
  )
})

test('a reader who came to the proxy over http is sent to https, and what they posted is not used', async () => {
  const behind = await openBed({ trustProxy: 1 })
  const plain = { 'X-Forwarded-For': '203.0.113.7', 'X-Forwarded-Proto': 'http', Host: 'brief.example.org' }
  const moved = await from('127.0.0.1', '/search?q=a%20b', plain, behind)
  expect([moved.status, moved.headers.get('Location')]).toEqual([
    308,
    'https://brief.example.org/search?q=a%20b',
  ])
  const { publicId } = await behind.person('reader@brief.test')
  const token = unsubscribeToken(behind.tokens, { publicId, newsletter: 'weekly' })
  expect((await behind.post(`/u/${token}`, {}, plain)).status).toBe(400)
  expect((await behind.subscribers.find({ publicId }))?.subscriptions[0]?.state).toBe('confirmed')
  const secure = { ...plain, 'X-Forwarded-Proto': 'https' }
  expect((await from('127.0.0.1', '/', secure, behind)).status).toBe(200)
  // Without a proxy of ours nobody's word about it counts.
  expect((await from('192.0.2.1', '/', plain)).status).toBe(200)
})

test('a log is JSON lines or readable ones, and strikes out what should not have got there', () => {
  const lines: string[] = []
  const clock = { now: () => Date.parse('2026-01-05T08:15:03Z') }
  const fields = { says: 'to a.b@c.example at /u/x?token=1 by\nnext', n: 2, ok: true, none: null }
  createLog('info', (line) => lines.push(line), { clock })('warn', 'event', fields)
  createLog('info', (line) => lines.push(line), { clock, form: 'text' })('warn', 'event', fields)
  createLog('error', (line) => lines.push(line))('warn', 'event', fields)
  expect(JSON.parse(lines[0] ?? '')).toEqual({
    ...{ time: '2026-01-05T08:15:03.000Z', level: 'warn', event: 'event', n: 2, ok: true, none: null },
    says: 'to [address] at /u/x?[query] by\nnext',
  })
  expect(lines[1]).toBe(
    '08:15:03 warn  event says="to [address] at /u/x?[query] by\\nnext" n=2 ok=true none=null',
  )
  expect(lines.length).toBe(2)
})

/** What `c.var.address` is for a request from `peer` with that X-Forwarded-For. */
async function addressBed(trustProxy: number): Promise<(peer: string, header: string) => Promise<string>> {
  const of = await openBed({ trustProxy })
  // Asked before any surface answers: routes are added after the guards.
  of.site.get('/address-for-the-test', (c) => c.text(c.var.address))
  return async (peer, header) =>
    (
      await of.site.request(
        '/address-for-the-test',
        { headers: header.trim() === '' ? {} : { 'X-Forwarded-For': header } },
        { incoming: { socket: { remoteAddress: peer } } },
      )
    ).text()
}

/** As the URL standard writes it (RFC 5952). */
function canonical(address: string): string {
  if (!address.includes(':')) return address
  const name = new URL(`http://[${address}]`).hostname.slice(1, -1)
  const [, high, low] = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/.exec(name) ?? []
  if (high === undefined || low === undefined) return name
  const bits = Number.parseInt(high, 16) * 65_536 + Number.parseInt(low, 16)
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join('.')
}
