import { beforeEach, expect, test } from 'vitest'
import { createSite } from '../../src/site/site.ts'
import { unsubscribeToken } from '../../src/subscribers/unsubscribe-token.ts'
import { openBed, type SiteBed } from './bed.ts'

let bed: SiteBed
let paths: string[]

beforeEach(async () => {
  bed = await openBed()
  await bed.publish('2025-w46')
  const { publicId } = await bed.person('reader@brief.test')
  paths = [
    ...['/', '/issues/2025-w46', '/issues/none', '/nowhere', '/search?q=x', '/corrections', '/how-we-source'],
    ...['/feed.xml', '/feed.json', '/sitemap.xml', '/robots.txt', '/issues/2025-w46/sources.json'],
    ...['/subscribe', '/confirm/none', '/log-in', '/log-in/none', '/preferences', '/change/none', '/v/none'],
    `/u/${unsubscribeToken(bed.tokens, { publicId, newsletter: 'weekly' })}`,
    ...['/assets/none.css', '/images/none.png', '/healthz', '/readyz', '/metrics'],
  ]
})

/** Every kind of answer there is: pages, files, 404, refusals of each guard, and a fault of ours. */
async function answers(of: SiteBed = bed): Promise<readonly (readonly [what: string, answer: Response])[]> {
  const archive = {
    ...of.deps.archive,
    async version(): Promise<number> {
      throw new Error('a fault')
    },
  }
  const broken = createSite({ ...of.deps, archive })
  const form = { method: 'POST', body: 'email=a@b.test' }
  return [
    ...(await Promise.all(paths.map(async (path) => [path, await of.site.request(path)] as const))),
    ['HEAD', await of.site.request('/', { method: 'HEAD' })],
    ['another method', await of.site.request('/', { method: 'DELETE' })],
    ['another host', await of.site.request('/', { headers: { Host: 'evil.example' } })],
    [
      'another origin',
      await of.site.request('/subscribe', { ...form, headers: { Origin: 'https://evil.example' } }),
    ],
    ['a large body', await of.post('/subscribe', { email: 'x'.repeat(20_000) })],
    ['a fault', await broken.request('/')],
  ]
}

/** Asserts on each answer, naming the one that fails. */
async function each(check: (headers: Headers, what: string) => unknown, of?: SiteBed): Promise<void> {
  for (const [what, { headers }] of await answers(of)) {
    try {
      check(headers, what)
    } catch (error) {
      throw new Error(`in ${what}`, { cause: error })
    }
  }
}

/** The directives of a policy. */
function directives(headers: Headers): ReadonlyMap<string, string> {
  const policy = headers.get('Content-Security-Policy') ?? ''
  return new Map(
    policy.split(';').map((part) => {
      const [name = '', ...values] = part.trim().split(/\s+/)
      return [name, values.join(' ')]
    }),
  )
}

test('Content-Security-Policy: nothing by default, nothing inline, no plugin, no base, forms to us alone', () =>
  each((headers) => {
    const policy = directives(headers)
    expect(policy.get('default-src')).toBe("'none'")
    expect(policy.get('object-src') ?? policy.get('default-src')).toBe("'none'")
    expect(policy.get('base-uri')).toBe("'none'")
    expect(policy.get('form-action') ?? "'none'").toMatch(/^'(none|self)'$/)
    expect(policy.get('script-src') ?? "'none'").toMatch(/^'(none|self)'$/)
    expect([...policy.values()].join(' ')).not.toMatch(/unsafe|\*|https?:|data:/)
  }))

test('frame-ancestors: no page is framed, by the policy and by the older header', () =>
  each((headers) => {
    expect(directives(headers).get('frame-ancestors')).toBe("'none'")
    expect(headers.get('X-Frame-Options')).toBe('DENY')
  }))

test('Strict-Transport-Security: a year under https, and never over http', async () => {
  await each((headers) => expect(headers.get('Strict-Transport-Security')).toMatch(/^max-age=31536000\b/))
  const plain = await openBed({ baseUrl: 'http://localhost:4870' })
  await plain.publish('2025-w46')
  await each((headers) => expect(headers.get('Strict-Transport-Security')).toBeNull(), plain)
})

test('X-Content-Type-Options: nosniff, and every body says what it is, text with its character set', () =>
  each((headers, what) => {
    expect(headers.get('X-Content-Type-Options')).toBe('nosniff')
    const type = headers.get('Content-Type')
    if (type?.startsWith('text/') === true) expect(type, what).toMatch(/charset=utf-8$/i)
  }))

test('Referrer-Policy: a page whose address holds a token tells it to no other site', () =>
  each((headers, what) => {
    const own = /^\/(u|v|confirm|log-in|change)\//.test(what)
    // same-origin: our own forms then say where they come from, and other sites learn nothing.
    const allowed = own ? /^(no-referrer|same-origin)$/ : /^(no-referrer|same-origin|strict-origin.*)$/
    expect(headers.get('Referrer-Policy')).toMatch(allowed)
  }))

test('Permissions-Policy and Cross-Origin-Opener-Policy: nothing of the machine, nothing of other windows', () =>
  each((headers) => {
    expect(headers.get('Permissions-Policy')).toMatch(/camera=\(\).*geolocation=\(\).*microphone=\(\)/)
    expect(headers.get('Cross-Origin-Opener-Policy')).toBe('same-origin')
  }))

test('no answer lets another origin read it, or names the software', () =>
  each((headers) => {
    expect(headers.get('Access-Control-Allow-Origin')).toBeNull()
    expect(headers.get('Server')).toBeNull()
    expect(headers.get('X-Powered-By')).toBeNull()
  }))

test('what is of one person or one moment is stored by no cache; what may be kept varies by the cookie alone', () =>
  each((headers, what) => {
    const kept = headers.get('Cache-Control') ?? ''
    if (/^\/(u|v|confirm|log-in|change|preferences|subscribe|healthz|readyz|metrics)\b/.test(what))
      expect(kept).toContain('no-store')
    if (kept.startsWith('public') && !kept.includes('immutable')) expect(headers.get('Vary')).toBe('Cookie')
    if (headers.has('Set-Cookie')) expect(kept).toContain('no-store')
  }))

test('a host that is not ours is refused, is in no byte of the answer, and an address is never made of it', async () => {
  for (const headers of [
    { Host: 'evil.example' },
    { Host: 'brief.example.org.evil.example' },
    { Host: 'brief.example.org:8443' },
    { Host: 'evil.example#brief.example.org' },
    { Host: 'localhost.evil.example' },
  ]) {
    const answer = await bed.site.request('/', { headers })
    expect(answer.status).toBe(421)
    expect(await answer.text()).not.toContain('evil')
  }
  const named = {
    'X-Forwarded-Host': 'evil.example',
    'X-Host': 'evil.example',
    Forwarded: 'host=evil.example',
  }
  for (const path of paths) {
    const plain = await bed.site.request(path)
    const given = await bed.site.request(path, { headers: { ...named, Host: 'brief.example.org' } })
    if (path !== '/metrics') expect(given.status).toBe(plain.status)
    expect((await given.text()) + JSON.stringify([...given.headers])).not.toContain('evil')
  }
})
