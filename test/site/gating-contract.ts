import { beforeAll, describe, expect, test } from 'vitest'
import { tiers, type Tier } from '../../src/core/tier.ts'
import type { Archive } from '../../src/delivery/archive.ts'
import { createSite } from '../../src/site/site.ts'
import type { StoreBed } from './bed.ts'
import { addressOf, askers, routesOf, samples, type Asker, type Sample, type World } from './every-route.ts'
import { publishSecrets, secretPublication, zqnPeople, type Secrets } from './secret-publication.ts'

/** What the bed of a gated site has otherwise. */
export const gatedSite = {
  publication: secretPublication,
  baseUrl: secretPublication.url,
  limits: { sessionDays: 90, signUpsPerHour: 1_000_000, searchesPerMinute: 1_000_000 },
} as const

type App = Pick<StoreBed['site'], 'request'>

/** How one path is asked for. */
interface Way {
  readonly name: string
  readonly method: string
  readonly query?: string
  /** May ask the store for something that it is asked for in no other way. */
  readonly telling?: boolean
  readonly headers?: Readonly<Record<string, string>>
}

/** As a browser on another site’s page would: no form of ours is acted on. */
const elsewhere = { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.test' }

const get = (name: string, headers: Readonly<Record<string, string>>): Way => ({
  name,
  method: 'GET',
  headers,
})

function waysTo({ editions }: Secrets): readonly Way[] {
  const etags = Object.values(editions).flatMap((three) => tiers.map((tier) => `"${three[tier].hash}"`))
  return [
    { name: 'plainly', method: 'GET', telling: true },
    { name: 'head', method: 'HEAD' },
    ...['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'].map((method) => ({
      name: `by ${method}`,
      method,
      headers: elsewhere,
      // Mail programs leave by it, from wherever they are.
      telling: method === 'POST',
    })),
    get('on any condition', { 'If-None-Match': '*' }),
    get('knowing every edition', { 'If-None-Match': etags.join(', ') }),
    get('on no condition', { 'If-Match': '"none"', 'If-Modified-Since': 'Thu, 01 Jan 1970 00:00:00 GMT' }),
    get('in part', { Range: 'bytes=0-' }),
    get('in parts', { Range: 'bytes=10-20,-99999', 'If-Range': '"none"' }),
    get('as JSON', { Accept: 'application/json, */*;q=0' }),
    get('as another method', { 'X-HTTP-Method-Override': 'POST', 'X-Method-Override': 'DELETE' }),
    get('as a proxy', {
      'X-Forwarded-Host': 'evil.test',
      'X-Original-URL': '/issues/w4',
      'X-Rewrite-URL': '/preferences/data.json',
      'X-Forwarded-For': '127.0.0.1',
      'X-Tier': 'member',
      'X-User': 'member',
      Authorization: 'Bearer member',
    }),
    ...[
      'tier=member&access=member&role=admin&preview=1&draft=true&debug=1&format=json',
      '__proto__[tier]=member&constructor.prototype.tier=member&tier[]=member',
      'page=-1&from=-1&count=999999&older=w4&q=%00%ff&next=//evil.test&_method=POST',
      `%=&&&==${'x'.repeat(2_000)}`,
    ].map((query) => ({ name: `with ${query.slice(0, 20)}`, method: 'GET', query, telling: true })),
  ]
}

async function ask(app: App, { path, headers }: Sample, asker: Asker, way: Way): Promise<Response> {
  const query = way.query === undefined ? '' : `${path.includes('?') ? '&' : '?'}${way.query}`
  return app.request(path + query, {
    method: way.method,
    headers: {
      ...(asker.cookie === null ? {} : { Cookie: asker.cookie }),
      ...headers,
      ...way.headers,
    },
  })
}

/** Every byte of an answer: status, headers and body, in lower case. */
async function bytesOf(answer: Response): Promise<string> {
  const headers = Array.from(answer.headers, ([name, value]) => `${name}: ${value}`).join('\n')
  const body = Buffer.from(await answer.arrayBuffer())
  return `${answer.status} ${answer.statusText}\n${headers}\n${body.toString('utf8')}`.toLowerCase()
}

/** What of a path an answer may repeat: it is the reader’s own. */
const without = (bytes: string, path: string): string =>
  bytes.replaceAll(path.toLowerCase(), '').replaceAll(encodeURIComponent(path).toLowerCase(), '')

/** The same store, which writes down what it is asked. */
function listening<Store extends object>(store: Store, calls: Set<string>): Store {
  const asked = Object.entries(store).map(([name, method]: [string, (...all: unknown[]) => unknown]) => {
    const listen = (...all: unknown[]): unknown => {
      calls.add(`${name} ${JSON.stringify(all)}`)
      return method(...all)
    }
    return [name, listen] as const
  })
  return { ...store, ...Object.fromEntries(asked) }
}

/**
 * Over every route of the site, for everybody who could ask: what no store may show.
 *
 * @param ways whether each page is asked for in all ways, which also proves that the others ask the store for
 *   nothing that the telling ones do not; or, where that is proved on another store, in these alone
 */
export function gatingContract(
  store: string,
  open: () => Promise<StoreBed>,
  ways: 'all' | 'telling' = 'all',
): void {
  describe(`gating on ${store}`, () => {
    let bed: StoreBed
    let secrets: Secrets
    let world: World
    /** Of somebody who never asks. */
    let neighbour: string

    beforeAll(async () => {
      bed = await open()
      secrets = await publishSecrets(bed)
      world = { bed, secrets }
      const [address = '', name = ''] = zqnPeople.split(' ')
      neighbour = (await bed.person(address, 'member')).publicId
      await bed.subscribers.set(addressOf(address), { name })
    })

    /** What stands in an answer that must not stand there. */
    function found(bytes: string, tier: Tier): string[] {
      return [...secrets.hiddenFrom(tier), neighbour].filter((word) => bytes.includes(word))
    }

    test('every route of the site has a sample, and each sample a route', () => {
      expect(Object.keys(samples).toSorted()).toEqual(routesOf(bed.site).toSorted())
      // A new route without one would be missed.
      const app = createSite(bed.deps)
      app.get('/new', (c) => c.text(''))
      app.all('/any/:thing', (c) => c.text(''))
      expect(routesOf(app).filter((route) => !(route in samples))).toEqual(['GET /new', 'ALL /any/:thing'])
    })

    test(
      'no route shows a tier what it may not see, in any byte, however it is asked',
      { timeout: 180_000 },
      async () => {
        const leaks: string[] = []
        const seen: Record<Tier, Set<string>> = {
          public: new Set(),
          subscriber: new Set(),
          member: new Set(),
        }
        const answered = new Set<string>()
        const [calls, told, untold] = [new Set<string>(), new Set<string>(), new Set<string>()]
        const { archive, readers } = bed.deps
        const site = createSite({
          ...bed.deps,
          archive: listening(archive, calls),
          readers: listening(readers, calls),
        })
        const asked = waysTo(secrets).filter(({ telling }) => ways === 'all' || telling === true)
        const lookOut = async (route: string, sample: Sample, asker: Asker, way: Way, answer: Response) => {
          const tier = sample.shows ?? asker.tier
          const bytes = without(await bytesOf(answer), sample.path)
          for (const word of found(bytes, tier))
            leaks.push(`${asker.name}: ${way.name}: ${route}: ${sample.path}: ${word}`)
          if (answer.status < 400) answered.add(route)
          if (way.name !== 'plainly') return
          for (const word of secrets.openedTo(tier)) if (bytes.includes(word)) seen[tier].add(word)
        }
        // Whoever looks changes nothing: the same may look at every page.
        const lookers: (readonly [string, Asker])[] = []
        for (const [name, make] of Object.entries(askers)) lookers.push([name, await make(bed)])
        for (const [route, sampled] of Object.entries(samples)) {
          for (const [name, asker] of lookers) {
            if (route.startsWith('GET ')) {
              for (const sample of await sampled(world, asker)) {
                for (const way of asked) {
                  calls.clear()
                  await lookOut(route, sample, asker, way, await ask(site, sample, asker, way))
                  for (const call of calls) {
                    if (way.telling === true) told.add(call)
                    else untold.add(call)
                  }
                }
              }
              continue
            }
            // Each form is sent by somebody anew, since it may end what it is sent with.
            const count = (await sampled(world, asker)).length
            for (let at = 0; at < count; at++) {
              const anew = await askers[name]?.(bed)
              const sample = anew === undefined ? undefined : (await sampled(world, anew))[at]
              if (anew === undefined || sample === undefined) continue
              const cookie = anew.cookie === null ? {} : { Cookie: anew.cookie }
              const answer = await bed.post(sample.path, sample.fields ?? {}, cookie)
              await lookOut(route, sample, anew, { name: 'by its form', method: 'POST' }, answer)
            }
          }
        }
        expect(leaks).toEqual([])
        expect(told.size).toBeGreaterThan(200)
        expect([...untold].filter((call) => !told.has(call))).toEqual([])
        // Nothing above is proved of a page that did not come, or of a secret that nobody ever sees.
        expect(Object.keys(samples).filter((route) => !answered.has(route))).toEqual([])
        for (const tier of ['subscriber', 'member'] as const)
          expect(secrets.openedTo(tier).filter((word) => !seen[tier].has(word))).toEqual([])
      },
    )

    test('nothing of what was asked for is in the log or the metrics', async () => {
      const kept = `${JSON.stringify(bed.logged)}${await bed.deps.metrics.text()}`.toLowerCase()
      expect(found(kept, 'public')).toEqual([])
      expect(/people\.test|\/(?:v|u|confirm|log-in|change)\/(?!:)/.exec(kept)).toBeNull()
    })

    test(
      'a search for what a tier may not read answers as one for what nobody wrote',
      { timeout: 60_000 },
      async () => {
        const page = async (asker: Asker, word: string): Promise<string> => {
          const answer = await ask(bed.site, { path: `/search?q=${word}` }, asker, {
            name: 'plainly',
            method: 'GET',
          })
          return (await bytesOf(answer)).replaceAll(word, 'WORD')
        }
        for (const make of Object.values(askers)) {
          const asker = await make(bed)
          const nothing = await page(asker, 'qqqnowhere')
          for (const word of secrets.hiddenFrom(asker.tier)) {
            if (/^zq[msn][a-z]+$/.test(word)) expect(await page(asker, word)).toBe(nothing)
          }
        }
        const member = await askers['member']?.(bed)
        if (member === undefined) throw new Error('no member')
        // In other words: a member does find the section.
        expect(await page(member, 'zqmwords')).toContain('/issues/w1/harbour')
      },
    )

    test('a fault of ours tells no tier what it may not see', async () => {
      const words = secrets.hiddenFrom('public').join(' ')
      const fault = async (): Promise<never> => {
        throw new Error(words, { cause: new Error(words) })
      }
      const names = Object.keys(bed.deps.archive)
      const broken = Object.fromEntries(names.map((name) => [name, fault])) as unknown as Archive
      const app = createSite({ ...bed.deps, archive: { ...broken, version: bed.deps.archive.version } })
      const asker = { name: 'nobody', tier: 'public', cookie: null, publicId: null } as const
      const statuses = new Set<number>()
      for (const [route, sampled] of Object.entries(samples)) {
        if (!route.startsWith('GET ')) continue
        for (const sample of await sampled(world, asker)) {
          const answer = await ask(app, sample, asker, { name: 'plainly', method: 'GET' })
          statuses.add(answer.status)
          expect(found(without(await bytesOf(answer), sample.path), 'public')).toEqual([])
        }
      }
      expect(statuses).toContain(500)
    })

    test('the scanner bites: an archive that forgets the tier is found out on each route that reads by it', async () => {
      const { archive } = bed.deps
      const forgetful: Archive = {
        ...archive,
        heads: (_tier, range) => archive.heads('member', range),
        editionOf: (issue) => archive.editionOf(issue, 'member'),
        corrections: () => archive.corrections('member'),
        search: (query, _tier, range) => archive.search(query, 'member', range),
      }
      const app = createSite({ ...bed.deps, archive: forgetful })
      const asker = { name: 'nobody', tier: 'public', cookie: null, publicId: null } as const
      const leaking = new Set<string>()
      for (const [route, sampled] of Object.entries(samples)) {
        if (!route.startsWith('GET ')) continue
        for (const sample of await sampled(world, asker)) {
          const answer = await ask(app, sample, asker, { name: 'plainly', method: 'GET' })
          const bytes = without(await bytesOf(answer), sample.path)
          if (found(bytes, sample.shows ?? 'public').length > 0) leaking.add(route)
        }
      }
      expect([...leaking].toSorted()).toEqual([
        'GET /',
        'GET /corrections',
        'GET /feed.json',
        'GET /feed.xml',
        'GET /issues/:issue',
        'GET /issues/:issue/:brief',
        'GET /issues/:issue/sources.json',
        'GET /search',
        'GET /sources/:issue/:id',
        'GET /v/:token',
      ])
    })
  })
}
