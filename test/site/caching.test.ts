import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import type { Context } from 'hono'
import { answerShared } from '../../src/site/answer.ts'
import type { SiteEnv } from '../../src/site/env.ts'
import { createPageCache } from '../../src/site/page-cache.ts'
import { createSite } from '../../src/site/site.ts'
import { openBed, type SiteBed } from './bed.ts'
import { askers, enter, samples, type Asker, type World } from './every-route.ts'
import { publishSecrets, secretPublication } from './secret-publication.ts'

let bed: SiteBed
let world: World

beforeAll(async () => {
  bed = await openBed({
    publication: secretPublication,
    baseUrl: secretPublication.url,
    limits: { sessionDays: 90, signUpsPerHour: 1_000_000, searchesPerMinute: 1_000_000 },
  })
  world = { bed, secrets: await publishSecrets(bed) }
})

const nobody: Asker = { name: 'nobody', tier: 'public', cookie: null, publicId: null }

const as = ({ cookie }: Pick<Asker, 'cookie'>): Record<string, string> =>
  cookie === null ? {} : { Cookie: cookie }

/** Every path that answers a GET of nobody’s. */
async function pathsOfAll(): Promise<string[]> {
  const paths: string[] = []
  for (const [route, sampled] of Object.entries(samples)) {
    if (route.startsWith('GET ')) paths.push(...(await sampled(world, nobody)).map(({ path }) => path))
  }
  return paths
}

/** Those that have an ETag: the same for everybody of a tier. */
async function sharedPaths(): Promise<string[]> {
  const shared: string[] = []
  for (const path of await pathsOfAll()) {
    const { headers } = await bed.site.request(path)
    if (headers.has('ETag')) shared.push(path)
  }
  return shared
}

test('a page that is asked for again is a 304 with the headers that a cache updates by (RFC 9110 §15.4.5)', async () => {
  const member = await enter(bed, 'member')
  const shared = await sharedPaths()
  expect(shared).toEqual(
    expect.arrayContaining(['/', '/issues/w1', '/issues/w1/harbour', '/issues/w1/sources.json', '/feed.xml']),
  )
  for (const asker of [nobody, member]) {
    for (const path of shared) {
      const page = await bed.site.request(path, { headers: as(asker) })
      const etag = page.headers.get('ETag') ?? ''
      expect(page.headers.get('Vary')).toBe('Cookie')
      expect(page.headers.get('Cache-Control')).toBe(
        asker.tier === 'public' ? 'public, no-cache' : 'private, no-cache',
      )
      for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
        for (const method of ['GET', 'HEAD']) {
          const again = await bed.site.request(path, {
            method,
            headers: { ...as(asker), 'If-None-Match': known },
          })
          expect([again.status, await again.text()]).toEqual([304, ''])
          for (const name of ['ETag', 'Cache-Control', 'Vary'])
            expect(again.headers.get(name)).toBe(page.headers.get(name))
        }
      }
      const other = await bed.site.request(path, { headers: { ...as(asker), 'If-None-Match': '"other"' } })
      expect([other.status, await other.text()]).toEqual([200, await page.text()])
    }
  }
})

test('a tag of one tier is of no other, nor of another page', async () => {
  const byTag = new Map<string, string>()
  for (const make of Object.values(askers)) {
    const asker = await make(bed)
    for (const path of await sharedPaths()) {
      const page = await bed.site.request(path, { headers: as(asker) })
      const key = `${path} ${page.headers.get('ETag')}`
      const bytes = await page.text()
      expect(byTag.get(key) ?? bytes).toBe(bytes)
      byTag.set(key, bytes)
    }
  }
  const tags = async (asker: Asker): Promise<string | null> =>
    (await bed.site.request('/issues/w1', { headers: as(asker) })).headers.get('ETag')
  const readers = [nobody, await enter(bed, 'subscriber'), await enter(bed, 'member')]
  expect(new Set(await Promise.all(readers.map(tags))).size).toBe(3)
})

test('a surface that forgets to name the tier is kept apart by it all the same', async () => {
  const app = createSite(bed.deps)
  const surface = (c: Context<SiteEnv>): Promise<Response> =>
    answerShared(c, 'same', () => `${c.req.path} for ${c.var.reader.tier}, ${c.var.reader.signedIn}`)
  app.get('/same/:name', surface)
  app.get('/other/:name', surface)
  const asking = await Promise.all(Object.values(askers).map((make) => make(bed)))
  for (const asker of [...asking, ...asking.toReversed()]) {
    for (const path of ['/same/a', '/same/b', '/other/a']) {
      const answer = await app.request(path, { headers: as(asker) })
      const signedIn = asker.publicId !== null && asker.name !== 'who was erased'
      expect(await answer.text()).toBe(`${path} for ${asker.tier}, ${signedIn}`)
    }
  }
})

test('HEAD says what GET says, without a body', async () => {
  for (const path of await pathsOfAll()) {
    const page = await bed.site.request(path)
    const head = await bed.site.request(path, { method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([page.status, ''])
    expect(Object.fromEntries(head.headers)).toEqual(Object.fromEntries(page.headers))
  }
})

test(
  'whatever was asked before, by whomever, a page is as if it were made anew',
  { timeout: 60_000 },
  async () => {
    const asking = await Promise.all(Object.values(askers).map((make) => make(bed)))
    // Not what is of one person, whose tokens differ with each making.
    const paths = (await pathsOfAll()).filter(
      (path) => !/^\/(?:metrics|preferences|confirm|change|log-in\/)/.test(path),
    )
    const queries = ['', '?page=2', '?tier=member', '?q=harbour', '?utm_source=x']
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            path: fc.constantFrom(...paths),
            query: fc.constantFrom(...queries),
            asker: fc.constantFrom(...asking),
            method: fc.constantFrom('GET', 'GET', 'HEAD'),
          }),
          { minLength: 5, maxLength: 25 },
        ),
        async (requests) => {
          const kept = createSite(bed.deps)
          for (const { path, query, asker, method } of requests) {
            const url = path.includes('?') ? path : path + query
            const ask = async (app: Pick<SiteBed['site'], 'request'>) => {
              const answer = await app.request(url, { method, headers: as(asker) })
              return [answer.status, Object.fromEntries(answer.headers), await answer.text()]
            }
            expect(await ask(kept)).toEqual(await ask(createSite(bed.deps)))
          }
        },
      ),
      { numRuns: 25 },
    )
  },
)

test('an answer that a shared cache may keep holds no cookie, and nothing of who asked', async () => {
  const late = await openBed({
    publication: secretPublication,
    baseUrl: secretPublication.url,
  })
  const secrets = await publishSecrets(late)
  let renewed = 0
  for (const [route, sampled] of Object.entries(samples)) {
    if (!route.startsWith('GET ')) continue
    const member = await enter(late, 'member')
    // The session is due for a new cookie with whatever it asks for next.
    late.clock.time += 25 * 3_600_000
    for (const { path } of await sampled({ bed: late, secrets }, member)) {
      const answer = await late.site.request(path, { headers: as(member) })
      const control = answer.headers.get('Cache-Control') ?? ''
      expect([path, control]).not.toEqual([path, ''])
      if (answer.headers.has('Set-Cookie')) renewed += 1
      if (/private|no-store/.test(control)) continue
      expect([path, answer.headers.get('Set-Cookie')]).toEqual([path, null])
      const open = await late.site.request(path)
      expect(await answer.text()).toBe(await open.text())
      expect(Object.fromEntries(answer.headers)).toEqual(Object.fromEntries(open.headers))
    }
  }
  expect(renewed).toBeGreaterThan(5)
})

test('a correction is seen at once, and makes the tag another', async () => {
  const fresh = await openBed()
  await fresh.publish('2025-w46')
  const first = await fresh.site.request('/issues/2025-w46')
  const text = await first.text()
  const known = await fresh.editions.published('2025-w46')
  if (known === null) throw new Error('nothing was published')
  fresh.clock.time += 1_000
  const corrected = async (tier: 'public' | 'subscriber' | 'member') => {
    const { page, ...rest } = known.editions[tier]
    const document = (await fresh.deps.archive.page(rest.hash))?.document ?? page
    if (document === undefined) throw new Error('no document')
    return {
      ...rest,
      hash: rest.hash.split('').toReversed().join(''),
      page: { ...document, issue: { ...document.issue, subject: 'A corrected subject' } },
    }
  }
  await fresh.editions.publish({
    public: await corrected('public'),
    subscriber: await corrected('subscriber'),
    member: await corrected('member'),
  })
  const second = await fresh.site.request('/issues/2025-w46', {
    headers: { 'If-None-Match': first.headers.get('ETag') ?? '' },
  })
  expect(second.status).toBe(200)
  const again = await second.text()
  expect(again).toContain('A corrected subject')
  expect(again).not.toBe(text)
})

test('the cache holds no more than its room, drops the least lately asked for, and counts right', async () => {
  const room = 4_000
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ key: fc.nat(30), size: fc.nat(600) }), { maxLength: 200 }),
      async (requests) => {
        const cache = createPageCache(room)
        for (const { key, size } of requests) {
          const name = `${key} ${size}`
          const page = await cache.get(name, () => `${name} `.padEnd(size, 'x'))
          expect(Buffer.from(page).toString().startsWith(name)).toBe(true)
          expect(cache.octets).toBeLessThanOrEqual(room)
        }
      },
    ),
  )
  const cache = createPageCache(1_000)
  let made = 0
  const ask = async (key: string): Promise<void> => {
    await cache.get(key, () => {
      made += 1
      return 'x'.repeat(100)
    })
  }
  for (const key of 'abcdefghi') await ask(key)
  await ask('a')
  expect(made).toBe(9)
  await ask('j')
  await ask('a')
  expect(made).toBe(10)
  await ask('b')
  expect(made).toBe(11)
  // What is too large for its share is made each time, and drives nothing out.
  const before = cache.octets
  for (let time = 0; time < 2; time++) {
    const page = await cache.get('large', () => {
      made += 1
      return 'y'.repeat(400)
    })
    expect(page.byteLength).toBe(400)
  }
  expect([made, cache.octets]).toEqual([13, before])
})
