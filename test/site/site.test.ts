import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { publicationSchema } from '../../src/core/publication.ts'
import { type Tier } from '../../src/core/tier.ts'
import { createTokens } from '../../src/core/token.ts'
import type { Edition } from '../../src/email/edition.ts'
import { createSite } from '../../src/site/site.ts'
import { unsubscribeToken } from '../../src/subscribers/unsubscribe-token.ts'

const publication = publicationSchema.parse({
  name: 'The <Ledger> Brief',
  url: 'https://brief.example.org',
  from: { name: 'Desk', address: 'desk@brief.example.org' },
  postalAddress: '1 Harbour Street',
  newsletters: { weekly: { name: 'Weekly' } },
})
const tokens = createTokens('0123456789abcdef0123456789abcdef')
const publicId = 'abcdefghij2345672345'
const token = unsubscribeToken(tokens, { publicId, newsletter: 'weekly' })
const leaver = JSON.stringify([{ publicId }, 'weekly'])
const imagesDir = mkdtempSync(join(tmpdir(), 'onrecord-site-'))
const imageName = `${'ab'.repeat(16)}.png`
writeFileSync(join(imagesDir, imageName), Buffer.from([1, 2, 3]))
writeFileSync(join(imagesDir, 'secret.png'), 'secret')
afterAll(() => rmSync(imagesDir, { recursive: true }))

const css = 'body{color:#111}'
const pageHtml = `<!doctype html><title>Talks</title><style>${css}</style><p>Talks ended.</p>`
const head = (issue: string, subject: string, date: string) => ({
  issue,
  subject,
  date,
  newsletter: 'weekly',
  publishedAt: 0,
})
const edition = (tier: Tier): Edition => ({
  ...head('2025-w46', 'Talks', '2025-11-14'),
  tier,
  lang: 'en',
  preheader: '',
  mjml: '',
  html: '',
  text: '',
  web: tier === 'public' ? pageHtml : 'what only others may read',
  sources: {
    version: 1,
    issue: '2025-w46',
    tier,
    count: { total: 0, linked: 0, unlockedBySubscribing: 0 },
    sources: [],
    waivers: [],
    sourcing: {
      cited: 0,
      consulted: 0,
      kinds: [],
      primary: 0,
      voices: 0,
      snapshots: 0,
      keyClaims: 0,
      singleVoice: [],
      unnamed: [],
      corrections: [],
    },
  },
  envelope: {
    from: publication.from,
    replyTo: null,
    listId: { name: 'Weekly', id: 'weekly.brief.example.org' },
    baseUrl: 'https://brief.example.org',
  },
  images: [],
  hash: 'abc123',
  bytes: { html: 0, text: 0, message: 0 },
})
const published = {
  ...head('2025-w46', 'Talks', '2025-11-14'),
  editions: { public: edition('public'), subscriber: edition('subscriber'), member: edition('member') },
}
let left: string[]
let site: ReturnType<typeof createSite>

beforeEach(() => {
  left = []
  site = createSite({
    publication,
    baseUrl: 'https://brief.example.org',
    imagesDir,
    editions: {
      listPublished: async () => [
        head('2025-w46', 'Talks <end>', '2025-11-14'),
        head('2025-w45', 'Strikes', '2025-11-07'),
      ],
      published: async (issue) => (issue === '2025-w46' ? published : null),
    },
    subscribers: {
      async unsubscribe(who, newsletter) {
        left.push(JSON.stringify([who, newsletter]))
        return left.length === 1 ? 'changed' : 'unchanged'
      },
    },
    tokens,
  })
})

const post = (path: string, body: string | FormData, type?: string): Promise<Response> =>
  Promise.resolve(
    site.request(path, {
      method: 'POST',
      body,
      ...(type === undefined ? {} : { headers: { 'Content-Type': type } }),
    }),
  )

test('the front page lists what is published, escaped, and carries a policy that fits its one style', async () => {
  const response = await site.request('/')
  const html = await response.text()
  expect(html.indexOf('/issues/2025-w46')).toBeLessThan(html.indexOf('/issues/2025-w45'))
  expect(html).toContain('Talks &lt;end&gt;')
  expect(html).toContain('14 November 2025')
  const style = /<style>([\s\S]*?)<\/style>/.exec(html)?.[1] ?? ''
  const hash = createHash('sha256').update(style).digest('base64')
  const policy = response.headers.get('Content-Security-Policy') ?? ''
  expect(policy).toContain(`style-src 'sha256-${hash}'`)
  expect(policy).not.toContain('unsafe')
  expect(html).not.toContain('style="')
})

test('a published page is the frozen bytes, with a hash for its style and an ETag', async () => {
  const response = await site.request('/issues/2025-w46')
  expect(await response.text()).toBe(pageHtml)
  const hash = createHash('sha256').update(css).digest('base64')
  expect(response.headers.get('Content-Security-Policy')).toContain(`style-src 'sha256-${hash}'`)
  expect(response.headers.get('ETag')).toBe('"abc123"')
  const again = await site.request('/issues/2025-w46', { headers: { 'If-None-Match': '"zzz", W/"abc123"' } })
  expect([again.status, await again.text()]).toEqual([304, ''])
})

test('a draft, or any name that is not published, is a plain 404', async () => {
  for (const path of ['/issues/2025-w47', '/issues/..%2f..%2fetc%2fpasswd', '/issues/', '/briefs/a.md']) {
    const response = await site.request(path)
    expect(response.status).toBe(404)
    expect(await response.text()).toContain('There is no such page')
  }
})

test('an image is served for ever, and only by a name made of its hash', async () => {
  const response = await site.request(`/images/${imageName}`)
  expect([response.status, response.headers.get('Content-Type')]).toEqual([200, 'image/png'])
  expect(response.headers.get('Cache-Control')).toBe('public, max-age=31536000, immutable')
  expect(new Uint8Array(await response.arrayBuffer())).toEqual(new Uint8Array([1, 2, 3]))
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.constantFrom('secret.png', '../secret.png', `..%2f${imageName}`, `${imageName}%00`),
        fc.string(),
      ),
      async (name) => {
        const { status } = await site.request(`/images/${encodeURIComponent(name)}`)
        expect(status).toBe(404)
      },
    ),
  )
})

test('a scanner that opens the link any number of times changes nothing', async () => {
  for (let time = 0; time < 50; time++) {
    for (const method of ['GET', 'HEAD', 'OPTIONS']) await site.request(`/u/${token}`, { method })
  }
  expect(left).toEqual([])
  const page = await site.request(`/u/${token}`)
  expect(page.status).toBe(200)
  expect(await page.text()).toContain('Nothing has changed yet')
  expect(page.headers.get('Referrer-Policy')).toBe('no-referrer')
  expect(page.headers.get('Cache-Control')).toBe('no-store')
})

test('one-click leaves at once in both encodings, with 200, no redirect and no cookie (RFC 8058)', async () => {
  const form = new FormData()
  form.set('List-Unsubscribe', 'One-Click')
  const answers = [
    await post(`/u/${token}`, 'List-Unsubscribe=One-Click', 'application/x-www-form-urlencoded'),
    await post(`/u/${token}`, form),
    await post(`/u/${token}`, 'not a form', 'multipart/form-data; boundary=x'),
  ]
  for (const answer of answers) {
    expect(answer.status).toBe(200)
    expect(answer.headers.get('Set-Cookie')).toBeNull()
    expect(answer.headers.get('Location')).toBeNull()
    expect(await answer.text()).toBe('You have left Weekly.\n')
  }
  expect(left).toEqual([leaver, leaver, leaver])
})

test('the page’s own button is answered by a page that says what happened', async () => {
  const answer = await post(`/u/${token}`, 'from=page', 'application/x-www-form-urlencoded')
  expect(answer.status).toBe(200)
  expect(await answer.text()).toContain('You have left Weekly')
  expect(left).toEqual([leaver])
})

test('a wrong token is a page in plain words, and the link of a test message is harmless', async () => {
  for (const wrong of ['nonsense', `${token}x`, tokens.sign('confirm', `${publicId}:weekly`)]) {
    for (const answer of [
      await site.request(`/u/${wrong}`),
      await post(`/u/${wrong}`, 'List-Unsubscribe=One-Click'),
    ]) {
      expect(answer.status).toBe(404)
      expect(await answer.text()).toContain('This link does not work')
    }
  }
  expect(await (await site.request('/u/test')).text()).toContain('This was a test message')
  expect(await (await post('/u/test', 'List-Unsubscribe=One-Click')).text()).toContain(
    'This was a test message',
  )
  expect(left).toEqual([])
})

test('a body above the limit is refused and changes nothing', async () => {
  const answer = await post(`/u/${token}`, 'x'.repeat(20_000), 'application/x-www-form-urlencoded')
  expect(answer.status).toBe(413)
  expect(left).toEqual([])
})

test('a fault of ours shows no internals', async () => {
  const broken = createSite({
    publication,
    baseUrl: 'https://brief.example.org',
    imagesDir,
    editions: {
      listPublished: () => Promise.reject(new Error('SQLITE_CORRUPT at /srv/data/onrecord.db')),
      published: async () => null,
    },
    subscribers: { unsubscribe: () => Promise.reject(new Error('no')) },
    tokens,
  })
  const response = await broken.request('/')
  expect(response.status).toBe(500)
  const html = await response.text()
  expect(html).toContain('The fault is ours')
  expect(html).not.toMatch(/SQLITE|srv|at .*:\d/)
})

test('every answer carries the security headers', async () => {
  for (const path of [
    '/',
    '/issues/2025-w46',
    '/nowhere',
    `/u/${token}`,
    '/healthz',
    `/images/${imageName}`,
  ]) {
    const { headers } = await site.request(path)
    expect(headers.get('X-Content-Type-Options')).toBe('nosniff')
    expect(headers.get('X-Frame-Options')).toBe('DENY')
    expect(headers.get('Strict-Transport-Security')).toBe('max-age=31536000')
    expect(headers.get('Content-Security-Policy')).toContain("default-src 'none'")
    expect(headers.get('Set-Cookie')).toBeNull()
  }
})
