import fc from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import { ownPath } from '../../src/site/form.ts'
import { openBed, type SiteBed } from './bed.ts'
import { everything, loggedIn, nextToken, visit } from './visitor.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

let bed: SiteBed
beforeEach(async () => {
  bed = await openBed()
  await bed.person('reader@brief.test')
})

const mailed = async (fields: Record<string, string> = {}): Promise<string> => {
  await bed.post('/log-in', { email: 'reader@brief.test', ...fields })
  return nextToken(bed)
}

test('a mailed link logs in by its button, not by being opened; it holds 15 minutes and works once', async () => {
  const path = `/log-in/${await mailed()}`
  const before = everything(bed)
  for (let time = 0; time < 3; time++) {
    for (const method of ['GET', 'HEAD', 'OPTIONS']) {
      const opened = await bed.site.request(path, { method })
      expect(opened.headers.getSetCookie()).toEqual([])
    }
  }
  expect(everything(bed)).toBe(before)
  bed.clock.time += 15 * MINUTE - 1
  const visitor = visit(bed)
  const entered = await visitor.post(path)
  expect([entered.status, entered.headers.get('Location')]).toEqual([303, '/preferences'])
  expect((await visitor.get('/preferences')).status).toBe(200)

  const again = await visit(bed).post(path)
  expect([again.status, again.headers.getSetCookie()]).toEqual([410, []])
  expect(await again.text()).toContain('This link was used before')
})

test('each link that does not work says why and leads to another one', async () => {
  const token = await mailed()
  bed.clock.time += 15 * MINUTE
  for (const [path, title] of [
    [`/log-in/${token}`, 'This link is too old'],
    ['/log-in/made-up', 'This link does not work'],
  ] as const) {
    for (const answer of [await bed.site.request(path), await bed.post(path)]) {
      expect([404, 410]).toContain(answer.status)
      const html = await answer.text()
      expect(html).toContain(`<h1>${title}</h1>`)
      expect(html).toContain('href="/log-in"')
      expect(answer.headers.getSetCookie()).toEqual([])
    }
  }
})

test('a link that was mailed for one purpose serves no other', async () => {
  const visitor = await loggedIn(bed, 'reader@brief.test')
  await visitor.post('/preferences/address', { email: 'new@brief.test' })
  for (const token of [await nextToken(bed), await nextToken(bed)])
    expect((await bed.post(`/log-in/${token}`)).status).toBe(404)
  expect((await bed.post(`/change/${await mailed()}`)).status).toBe(404)
})

test('pressing twice logs in once, and the second press finds the way', async () => {
  const path = `/log-in/${await mailed()}`
  const visitor = visit(bed)
  const at = await Promise.all([bed.post(path), visitor.post(path), bed.post(path)])
  expect(at.map(({ status }) => status).toSorted()).toEqual([303, 410, 410])
  visitor.cookie = at.flatMap((answer) => answer.headers.getSetCookie())[0]?.split(';')[0] ?? null
  const second = await visitor.post(path)
  expect([second.status, second.headers.get('Location')]).toEqual([303, '/preferences'])
  const { count } = bed.database.prepare('select count(*) as count from session').get() ?? {}
  expect(count).toBe(1)
})

test('the session’s cookie is for this host alone, for no script, for https and for no other site’s forms', async () => {
  const answer = await bed.post(`/log-in/${await mailed()}`)
  const [cookie = '', ...more] = answer.headers.getSetCookie()
  expect(more).toEqual([])
  const [pair = '', ...attributes] = cookie.split('; ')
  expect(pair).toMatch(/^__Host-reader=[a-z2-7]{52}$/)
  expect(attributes.toSorted()).toEqual(['HttpOnly', 'Max-Age=7776000', 'Path=/', 'SameSite=Lax', 'Secure'])
  const plain = await openBed({ baseUrl: 'http://127.0.0.1:4870' })
  await plain.person('reader@brief.test')
  const local = await loggedIn(plain, 'reader@brief.test')
  expect(local.cookie).toMatch(/^reader=[a-z2-7]{52}$/)
})

test('a cookie that somebody planted never becomes a session, and one that was there ends with the log-in', async () => {
  const planted = visit(bed, `__Host-reader=${'a'.repeat(52)}`)
  await planted.post(`/log-in/${await mailed()}`)
  expect(planted.cookie).not.toContain('aaaa')
  expect((await visit(bed, `__Host-reader=${'a'.repeat(52)}`).get('/preferences')).status).toBe(303)

  await bed.person('other@brief.test')
  const other = await loggedIn(bed, 'other@brief.test')
  const former = other.cookie
  await other.post(`/log-in/${await mailed()}`)
  expect(await (await other.get('/preferences')).text()).toContain('reader@brief.test')
  expect((await visit(bed, former).get('/preferences')).status).toBe(303)
})

test('the cookie is renewed every day, and the former one is soon nothing', async () => {
  const visitor = await loggedIn(bed, 'reader@brief.test')
  const first = visitor.cookie
  bed.clock.time += DAY
  expect((await visitor.get('/preferences')).status).toBe(200)
  expect(visitor.cookie).not.toBe(first)
  expect((await visitor.get('/preferences')).status).toBe(200)
  bed.clock.time += 10 * MINUTE
  expect((await visit(bed, first).get('/preferences')).status).toBe(303)
  expect((await visitor.get('/preferences')).status).toBe(200)
  bed.clock.time += 91 * DAY
  expect((await visitor.get('/preferences')).status).toBe(303)
})

test('logging out ends this session alone; logging out everywhere ends all; both take the cookie away', async () => {
  const [one, two, three] = [
    await loggedIn(bed, 'reader@brief.test'),
    await loggedIn(bed, 'reader@brief.test'),
    await loggedIn(bed, 'reader@brief.test'),
  ]
  const kept = one.cookie
  const out = await one.post('/log-out')
  expect(await out.text()).toContain('<h1>You are logged out</h1>')
  expect(out.headers.get('Clear-Site-Data')).toBe('"cache"')
  expect(one.cookie).toBeNull()
  expect((await visit(bed, kept).get('/preferences')).status).toBe(303)
  expect((await two.get('/preferences')).status).toBe(200)

  const everywhere = await two.post('/preferences/log-out-everywhere')
  expect(everywhere.status).toBe(200)
  expect(two.cookie).toBeNull()
  expect((await three.get('/preferences')).status).toBe(303)
  // A press too many, or one after the session ended.
  expect((await two.post('/log-out')).status).toBe(200)
})

test('logging out on the day of a renewal takes the renewed cookie away, too', async () => {
  const visitor = await loggedIn(bed, 'reader@brief.test')
  const page = await (await visitor.get('/preferences')).text()
  bed.clock.time += DAY + MINUTE
  const csrf = /name="csrf" value="([^"]*)"/.exec(page)?.[1] ?? ''
  const answer = await bed.post('/log-out', { csrf }, { Cookie: visitor.cookie ?? '' })
  expect(answer.status).toBe(200)
  expect(answer.headers.getSetCookie().at(-1)).toContain('Max-Age=0')
  expect(bed.database.prepare('select count(*) as count from session').get()).toEqual({ count: 0 })
})

test('the answer is the same whether or not an address is known, suppressed or erased', async () => {
  const address = 'nobody@brief.test'
  const answers: string[] = []
  const headers: string[] = []
  for (const kind of ['unknown', 'known', 'suppressed']) {
    const fresh = await openBed()
    if (kind !== 'unknown') await fresh.person(address)
    if (kind === 'suppressed')
      fresh.database
        .prepare(
          `insert into suppression (address_hash, reason, created_at) select address_hash, 'operator', 1 from subscriber`,
        )
        .run()
    const answer = await fresh.post('/log-in', { email: address })
    answers.push(`${answer.status} ${await answer.text()}`)
    headers.push(JSON.stringify([...answer.headers]))
    expect((await fresh.deps.readers.nextLetter())?.kind ?? null).toBe(kind === 'known' ? 'log-in' : null)
  }
  expect(new Set(answers).size).toBe(1)
  expect(new Set(headers).size).toBe(1)
})

test('what is no address is said to be none, with what was typed still there, escaped', async () => {
  const answer = await bed.post('/log-in', { email: '"><b>reader brief.test', next: '/search' })
  const html = await answer.text()
  expect(answer.status).toBe(422)
  expect(html).toContain('role="alert"')
  expect(html).toContain('value="&quot;&gt;&lt;b&gt;reader brief.test"')
  expect(html).toContain('name="next" value="/search"')
})

test('one network asks for so many links an hour, and is told when to come back', async () => {
  bed = await openBed({ limits: { sessionDays: 90, signUpsPerHour: 3 } })
  const ask = () => bed.post('/log-in', { email: 'reader@brief.test' })
  for (let time = 0; time < 3; time++) expect((await ask()).status).toBe(200)
  const refused = await ask()
  expect([refused.status, refused.headers.get('Retry-After')]).toEqual([429, '3600'])
  bed.clock.time += 60 * MINUTE
  expect((await ask()).status).toBe(200)
})

test('after logging in a reader goes on to where they were', async () => {
  const page = await (await bed.site.request('/log-in?next=/issues/2025-w46%3Fa')).text()
  expect(page).toContain('name="next" value="/issues/2025-w46?a"')
  const visitor = visit(bed)
  const answer = await visitor.post(`/log-in/${await mailed({ next: '/issues/2025-w46?a' })}`)
  expect(answer.headers.get('Location')).toBe('/issues/2025-w46?a')
  expect((await visitor.get('/log-in?next=/search')).headers.get('Location')).toBe('/search')
})

const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    '/\t/evil.example',
    '/%2f/evil.example',
    '/\n/evil.example',
    '/.//evil.example',
    '/..//evil.example',
    ' //evil.example',
    '/@evil.example',
    '///evil.example',
    '/a\r\nSet-Cookie: b=c',
    'data:text/html,x',
  ),
  fc
    .array(
      fc.constantFrom(
        '/',
        '\\',
        '.',
        '@',
        ':',
        'evil.example',
        '\t',
        '\n',
        '%2f',
        '%5c',
        'https:',
        '?',
        '#',
        ' ',
      ),
      {
        maxLength: 8,
      },
    )
    .map((parts) => parts.join('')),
)

test('whatever “next” says, nobody is sent to another site', async () => {
  const visitor = await loggedIn(bed, 'reader@brief.test')
  await fc.assert(
    fc.asyncProperty(hostile, async (next) => {
      const own = ownPath(next)
      if (own !== null) expect(new URL(own, 'https://brief.example.org').host).toBe('brief.example.org')
      const answer = await visitor.get(`/log-in?next=${encodeURIComponent(next.toWellFormed())}`)
      const to = new URL(answer.headers.get('Location') ?? '', 'https://brief.example.org')
      expect([answer.status, to.origin]).toEqual([303, 'https://brief.example.org'])
    }),
    { numRuns: 300 },
  )
})

test('neither does a link that was mailed with it', async () => {
  for (const next of ['//evil.example', '/\\evil.example', 'https://evil.example', `/${'a'.repeat(5_000)}`]) {
    bed = await openBed()
    await bed.person('reader@brief.test')
    const answer = await bed.post(`/log-in/${await mailed({ next })}`)
    expect(answer.headers.get('Location')).toBe('/preferences')
    // Nor should the store ever hold such a one.
    const address = {
      address: 'reader@brief.test',
      key: 'reader@brief.test',
      domain: 'brief.test',
      smtputf8: false,
    }
    await bed.deps.readers.ask({ kind: 'log-in', address, next })
    const again = await bed.post(`/log-in/${await nextToken(bed)}`)
    expect(again.headers.get('Location')).toBe('/preferences')
  }
})
