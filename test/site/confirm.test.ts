import { afterEach, beforeEach, expect, test } from 'vitest'
import { linkIn, openMailBed, type MailBed } from './mail-bed.ts'

let bed: MailBed
let link: string
beforeEach(async () => {
  bed = await openMailBed()
  await bed.publish('2025-w46')
  await bed.post('/subscribe', { email: 'ada@reader.test', newsletter: 'weekly' })
  link = linkIn(await bed.mail('ada@reader.test'), 'confirm')
  await settled()
})
afterEach(() => bed.close())

/** The mailer knows that the letters have come. */
async function settled(): Promise<void> {
  const waiting = bed.database.prepare('select 1 from letter')
  while (waiting.get() !== undefined) await new Promise((resolve) => setTimeout(resolve, 10))
}

/** Every row of every table that is about readers. */
function rows(): string {
  const tables = ['subscriber', 'subscription', 'consent', 'letter', 'one_time_token', 'session', 'attempt']
  return JSON.stringify(tables.map((table) => bed.database.prepare(`select * from ${table}`).all()))
}

const cookieOf = (response: Response): string =>
  (response.headers.get('Set-Cookie') ?? '').split(';')[0] ?? ''

test('opening the link, by GET and HEAD and as often as a scanner likes, changes nothing and sets no cookie', async () => {
  const before = rows()
  for (const method of ['GET', 'HEAD', 'GET', 'HEAD', 'GET', 'HEAD']) {
    const response = await bed.site.request(link, { method })
    expect(response.status).toBe(200)
    expect(response.headers.get('Set-Cookie')).toBeNull()
    expect(response.headers.get('Cache-Control')).toBe('no-store')
  }
  expect(rows()).toBe(before)
  const page = await (await bed.site.request(link)).text()
  expect(page).toContain(`<form method="post" action="${link}"`)
  expect(page).not.toContain('ada@')
})

test('the button confirms, logs in by a cookie that no script reads, and the welcome mail has the latest issue', async () => {
  const response = await bed.post(link)
  expect(response.status).toBe(200)
  expect(response.headers.get('Set-Cookie')).toMatch(
    /^__Host-reader=[^;]+; Max-Age=7776000; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
  )
  expect(await response.text()).toContain('href="/preferences"')
  const welcome = await bed.mail('ada@reader.test', 2)
  expect(welcome).toContain('Subject: Welcome to Weekly')
  expect(welcome).toContain('Talks end in Istanbul without a text')
  expect(linkIn(welcome, 'u')).toMatch(/^\/u\//)
  const shown = await bed.site.request(linkIn(welcome, 'v'))
  expect(shown.status).toBe(200)
  expect(await shown.text()).toContain('Talks end in Istanbul without a text')
})

test('with the cookie, the links of an issue that were locked are open', async () => {
  const locked = await (await bed.site.request('/issues/2025-w46')).text()
  const Cookie = cookieOf(await bed.post(link))
  const open = await (await bed.site.request('/issues/2025-w46', { headers: { Cookie } })).text()
  const linksOf = (html: string): number =>
    html.match(/<a [^>]*href="https:\/\/(?!brief\.example)/g)?.length ?? 0
  expect(linksOf(open)).toBeGreaterThan(linksOf(locked))
  expect(locked).toContain('link for subscribers')
  expect(open).not.toContain('link for subscribers')
})

test('the button works once: pressed again, it says that it was used, and makes no second session or mail', async () => {
  await bed.post(link)
  await bed.mail('ada@reader.test', 2)
  await settled()
  const before = rows()
  const again = await bed.post(link)
  expect(again.headers.get('Set-Cookie')).toBeNull()
  expect(await again.text()).toContain('This link has been used')
  expect(await (await bed.site.request(link)).text()).toContain('This link has been used')
  await bed.quiet()
  expect(bed.sink.recipients).toHaveLength(2)
  expect(rows()).toBe(before)
})

test('the link holds for seven days; after that nothing is left of somebody who did not confirm', async () => {
  bed.clock.time += 7 * 24 * 3_600_000 - 1_000
  expect((await bed.site.request(link)).status).toBe(200)
  bed.clock.time += 2_000
  for (const response of [await bed.site.request(link), await bed.post(link)]) {
    expect(response.status).toBe(410)
    expect(await response.text()).toContain('href="/subscribe"')
  }
  await bed.deps.readers.tidy()
  expect(rows()).not.toContain('ada@')
})

test.each(['x', 'a'.repeat(52), '%00', '..%2f..', "' or 1=1 --", 'a'.repeat(5_000)])(
  'a link that is none of ours is a plain 404, by GET and POST: %s',
  async (token) => {
    for (const response of [
      await bed.site.request(`/confirm/${encodeURIComponent(token)}`),
      await bed.post(`/confirm/${encodeURIComponent(token)}`),
    ]) {
      expect(response.status).toBe(404)
      expect(response.headers.get('Set-Cookie')).toBeNull()
    }
  },
)

test('a log-in link does not confirm, and a confirmation link does not log in', async () => {
  await bed.person('known@reader.test')
  await bed.post('/log-in', { email: 'known@reader.test' })
  const logIn = linkIn(await bed.mail('known@reader.test'), 'log-in')
  expect((await bed.post(logIn.replace('/log-in/', '/confirm/'))).headers.get('Set-Cookie')).toBeNull()
  expect((await bed.post(link.replace('/confirm/', '/log-in/'))).headers.get('Set-Cookie')).toBeNull()
})

test('another site cannot confirm for a reader, nor log them in as somebody', async () => {
  const before = rows()
  for (const headers of [
    { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'same-site' },
    { 'Sec-Fetch-Site': 'none', Origin: 'https://evil.test' },
  ])
    expect((await bed.post(link, {}, headers)).status).toBe(403)
  expect(rows()).toBe(before)
})

test('who had left comes back by confirming, and who is suppressed since then does not', async () => {
  await bed.post(link)
  const welcome = await bed.mail('ada@reader.test', 2)
  await bed.post(linkIn(welcome, 'u'))
  bed.clock.time += 25 * 3_600_000
  await bed.post('/subscribe', { email: 'ada@reader.test', newsletter: 'weekly' })
  const again = linkIn(await bed.mail('ada@reader.test', 3), 'confirm')
  expect(await (await bed.post(again)).text()).toContain('You are subscribed to Weekly')
  const states = bed.database.prepare('select state from subscription').all()
  expect(states.map((row) => row['state'])).toEqual(['confirmed'])
})

test('an old link of somebody who is a reader already confirms, sets no cookie, and says how to log in', async () => {
  await bed.person('ada@reader.test', 'subscriber', 'daily')
  bed.clock.time += 15 * 60_000
  const response = await bed.post(link)
  expect(response.status).toBe(200)
  expect(response.headers.get('Set-Cookie')).toBeNull()
  const page = await response.text()
  expect(page).toContain('You are subscribed to Weekly')
  expect(page).toContain('href="/log-in"')
  expect(page).not.toContain('are open for you in this browser')
})
