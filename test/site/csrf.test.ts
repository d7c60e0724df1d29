import { beforeEach, describe, expect, test } from 'vitest'
import { unsubscribeToken } from '../../src/subscribers/unsubscribe-token.ts'
import { openBed, type SiteBed } from './bed.ts'
import { csrfIn, everything, loggedIn, nextToken, type Visitor } from './visitor.ts'

/** Each is proved by the token in its path, or asks for no more than mail; all others act for a session. */
const withoutSession = [
  '/subscribe',
  '/confirm/:token',
  '/log-in',
  '/log-in/:token',
  '/change/:token',
  '/u/:token',
  '/u/:token/undo',
]

const base = 'https://brief.example.org'
const foreign: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'another site': { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' },
  'a subdomain': { Origin: 'https://evil.brief.example.org', 'Sec-Fetch-Site': 'same-site' },
  'another port of this host': { Origin: `${base}:8443`, 'Sec-Fetch-Site': 'same-site' },
  'another site, in a browser without Sec-Fetch-Site': { Origin: 'https://evil.example' },
  'this host over http': { Origin: 'http://brief.example.org' },
  'an origin that only begins as ours': { Origin: `${base}.evil.example` },
  'a sandbox': { Origin: 'null' },
  'a sandbox that says so': { Origin: 'null', 'Sec-Fetch-Site': 'cross-site' },
  'two origins': { Origin: `${base}, https://evil.example` },
}

let bed: SiteBed
let visitor: Visitor
let publicId: string
let csrf: string

beforeEach(async () => {
  bed = await openBed()
  publicId = (await bed.person('reader@brief.test')).publicId
  visitor = await loggedIn(bed, 'reader@brief.test')
  csrf = csrfIn(await (await visitor.get('/preferences')).text())
})

/** Every route that changes something, as the app itself lists them: a new one cannot be forgotten. */
const routes = (): { method: string; path: string }[] => {
  const seen = new Map(
    bed.site.routes
      .filter(
        ({ method, path }) => !['GET', 'HEAD'].includes(method) && !(method === 'ALL' && path.endsWith('*')),
      )
      .map(({ method, path }) => [`${method} ${path}`, { method: method === 'ALL' ? 'POST' : method, path }]),
  )
  return [...seen.values()]
}

/** Paths with tokens that are good: what is refused is not refused for its token. */
async function good(path: string): Promise<string> {
  if (!path.includes(':')) return path
  const { readers } = bed.deps
  const proof = { askedAt: bed.clock.time, form: 'sign-up', words: 'I want it', network: null } as const
  const fill = (token: string): string => path.replace(':token', token)
  if (path.startsWith('/u/')) return fill(unsubscribeToken(bed.tokens, { publicId, newsletter: 'weekly' }))
  const address = { address: 'new@brief.test', key: 'new@brief.test', domain: 'brief.test', smtputf8: false }
  if (path.startsWith('/confirm/')) {
    await readers.ask({ kind: 'sign-up', address, newsletter: 'weekly', proof })
    return fill(await nextToken(bed))
  }
  if (path.startsWith('/log-in/')) {
    const own = { ...address, address: 'reader@brief.test', key: 'reader@brief.test' }
    await readers.ask({ kind: 'log-in', address: own, next: null })
    return fill(await nextToken(bed))
  }
  if (path.startsWith('/change/')) {
    await readers.askChange(publicId, address)
    return fill(await nextToken(bed))
  }
  throw new Error(`say here what a good token of ${path} is`)
}

/** A body that every one of them would act on. */
const fields = (): Record<string, string> => ({
  csrf,
  email: 'somebody@brief.test',
  newsletter: 'weekly',
  format: 'text',
  weeks: '2',
  sure: 'yes',
  'List-Unsubscribe': 'One-Click',
})

function send(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body: Readonly<Record<string, string>> = fields(),
): Promise<Response> {
  return Promise.resolve(
    bed.site.request(path, {
      method,
      body: new URLSearchParams(body).toString(),
      headers: {
        'Content-Type': 'application/x-www-form-urlencoded',
        Cookie: visitor.cookie ?? '',
        ...headers,
      },
    }),
  )
}

test('the app has the routes that the tests below go through', () => {
  const paths = routes().map(({ path }) => path)
  expect(paths).toEqual(expect.arrayContaining(withoutSession))
  expect(paths).toEqual(
    expect.arrayContaining(['/log-out', '/preferences/newsletters', '/preferences/erase']),
  )
  expect(new Set(routes().map(({ method }) => method))).toEqual(new Set(['POST']))
})

test.each(Object.entries(foreign))(
  'a form of %s does nothing, on any route but the one that leaves, whatever it holds',
  async (_from, headers) => {
    for (const { method, path } of routes()) {
      if (path === '/u/:token') continue
      const to = await good(path)
      const before = everything(bed)
      const answer = await send(method, to, headers)
      expect([path, answer.status]).toEqual([path, 403])
      expect(answer.headers.getSetCookie()).toEqual([])
      expect(await answer.text()).toContain('Nothing was done')
      expect([path, everything(bed) === before]).toEqual([path, true])
    }
  },
)

test.each(Object.entries(foreign))(
  'a one-click POST of %s leaves by its token, without a cookie and without a redirect; a made-up token leaves nothing',
  async (_from, headers) => {
    const body = { 'List-Unsubscribe': 'One-Click' }
    const before = everything(bed)
    expect((await send('POST', '/u/made-up', { ...headers, Cookie: '' }, body)).status).toBe(404)
    expect(everything(bed)).toBe(before)
    const answer = await send('POST', await good('/u/:token'), { ...headers, Cookie: '' }, body)
    expect([answer.status, answer.headers.getSetCookie()]).toEqual([200, []])
    const account = await bed.deps.readers.account(publicId)
    expect(account?.subscriber.subscriptions).toMatchObject([{ newsletter: 'weekly', state: 'left' }])
  },
)

test('a program that names no origin may leave by its token, and do nothing else', async () => {
  for (const { method, path } of routes()) {
    const to = await good(path)
    const before = everything(bed)
    const answer = await send(method, to, {})
    if (path === '/u/:token') {
      expect([answer.status, everything(bed) === before]).toEqual([200, false])
      continue
    }
    expect([path, answer.status]).toEqual([path, 403])
    expect([path, everything(bed) === before]).toEqual([path, true])
  }
})

describe('a form that acts for a session', () => {
  const own = { Origin: base, 'Sec-Fetch-Site': 'same-origin' }

  test.each(['no token', 'another person’s', 'that of another session of theirs', 'a made-up one'])(
    'with %s does nothing, and says what to do',
    async (which) => {
      await bed.person('other@brief.test')
      const another = await loggedIn(
        bed,
        which === 'another person’s' ? 'other@brief.test' : 'reader@brief.test',
      )
      const theirs = csrfIn(await (await another.get('/preferences')).text())
      const { csrf: mine, ...rest } = fields()
      expect(theirs).not.toBe(mine)
      const body =
        which === 'no token' ? rest : { ...rest, csrf: which === 'a made-up one' ? 'a'.repeat(32) : theirs }
      for (const { method, path } of routes()) {
        if (withoutSession.includes(path)) continue
        const before = everything(bed)
        const answer = await send(method, path, own, body)
        expect([path, answer.status]).toEqual([path, 403])
        const html = await answer.text()
        expect(html).toContain('nothing was changed')
        expect(html).toContain('href="/preferences"')
        expect([path, everything(bed) === before]).toEqual([path, true])
      }
    },
  )

  test('without a session does nothing, and leads to the log-in', async () => {
    for (const { method, path } of routes()) {
      // Whoever is logged out gets what they asked for.
      if (withoutSession.includes(path) || path === '/log-out') continue
      const before = everything(bed)
      const answer = await send(method, path, { ...own, Cookie: '' })
      expect([path, answer.status]).toEqual([path, 401])
      expect(await answer.text()).toContain('href="/log-in')
      expect([path, everything(bed) === before]).toEqual([path, true])
    }
  })

  test('is good for its session still after the cookie was renewed', async () => {
    bed.clock.time += 25 * 3_600_000
    const before = visitor.cookie
    await visitor.get('/')
    expect(visitor.cookie).not.toBe(before)
    const answer = await send('POST', '/preferences/format', own)
    expect(answer.headers.get('Location')).toBe('/preferences?saved=format')
  })
})

test('no other method, and no header or field that claims one, does what a POST does', async () => {
  const own = { Origin: base, 'Sec-Fetch-Site': 'same-origin' }
  for (const { path } of routes()) {
    const to = await good(path)
    const before = everything(bed)
    for (const method of ['PUT', 'PATCH', 'DELETE'])
      expect([path, (await send(method, to, own)).status]).toEqual([path, 404])
    for (const header of ['X-HTTP-Method-Override', 'X-Method-Override', 'X-HTTP-Method'])
      await bed.site.request(`${to}?_method=POST&${new URLSearchParams(fields()).toString()}`, {
        headers: { [header]: 'POST', Cookie: visitor.cookie ?? '' },
      })
    expect([path, everything(bed) === before]).toEqual([path, true])
  }
})
