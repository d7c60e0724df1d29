import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { publicationSchema } from '../../src/core/publication.ts'
import { createSite } from '../../src/site/site.ts'
import { unsubscribeToken } from '../../src/subscribers/unsubscribe-token.ts'
import { openBed, type SiteBed } from './bed.ts'

const publication = publicationSchema.parse({
  name: 'The <Ledger> Brief',
  url: 'https://brief.example.org',
  from: { name: 'Desk', address: 'desk@brief.example.org' },
  postalAddress: '1 Harbour Street',
  newsletters: { weekly: { name: 'Weekly' } },
})
const imagesDir = mkdtempSync(join(tmpdir(), 'onrecord-site-'))
const imageName = `${'ab'.repeat(16)}.png`
writeFileSync(join(imagesDir, imageName), Buffer.from([1, 2, 3]))
writeFileSync(join(imagesDir, 'secret.png'), 'secret')
afterAll(() => rmSync(imagesDir, { recursive: true }))

let site: SiteBed['site']
let bed: SiteBed
let token: string
let publicId: string

/** Which newsletters the person has left. */
async function left(): Promise<string[]> {
  const person = await bed.subscribers.find({ publicId })
  return (person?.subscriptions ?? []).flatMap(({ state, newsletter }) =>
    state === 'left' ? [newsletter] : [],
  )
}

beforeEach(async () => {
  bed = await openBed({ publication, imagesDir })
  site = bed.site
  publicId = (await bed.person('reader@brief.test')).publicId
  token = unsubscribeToken(bed.tokens, { publicId, newsletter: 'weekly' })
  await bed.publish('2025-w46')
})

const post = (path: string, body: string | FormData, type?: string): Promise<Response> =>
  Promise.resolve(
    site.request(path, {
      method: 'POST',
      body,
      ...(type === undefined ? {} : { headers: { 'Content-Type': type } }),
    }),
  )

test('the front page lists what is published, escaped, and its policy lets its own style alone in', async () => {
  const response = await site.request('/')
  const html = await response.text()
  expect(html).toContain('<a href="/issues/2025-w46">')
  expect(html).toContain('The &lt;Ledger&gt; Brief')
  const policy = response.headers.get('Content-Security-Policy') ?? ''
  expect(policy).toContain("style-src 'self'")
  expect(policy).not.toContain('unsafe')
  expect(html).not.toMatch(/style="|<style/)
  const sheet = /<link rel="stylesheet" href="([^"]+)"/.exec(html)?.[1] ?? ''
  const style = await site.request(sheet)
  expect([style.status, style.headers.get('Content-Type')]).toEqual([200, 'text/css; charset=utf-8'])
})

test('a page frozen by a version that kept no document is those bytes, with a hash for its style and an ETag', async () => {
  bed.database.prepare('update edition set page = null').run()
  const response = await site.request('/issues/2025-w46')
  const html = await response.text()
  expect(html).toBe((await bed.editions.published('2025-w46'))?.editions.public.web)
  const css = /<style>([\s\S]*?)<\/style>/.exec(html)?.[1] ?? ''
  const hash = createHash('sha256').update(css).digest('base64')
  expect(response.headers.get('Content-Security-Policy')).toContain(`style-src 'sha256-${hash}'`)
  const etag = response.headers.get('ETag') ?? ''
  const again = await site.request('/issues/2025-w46', { headers: { 'If-None-Match': `"zzz", W/${etag}` } })
  expect([again.status, await again.text()]).toEqual([304, ''])
})

test('a draft, or any name that is not published, is a plain 404', async () => {
  for (const path of ['/issues/2025-w47', '/issues/..%2f..%2fetc%2fpasswd', '/issues', '/briefs/a.md']) {
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
        // No name at all is the folder, with a slash at its end.
        fc.string().filter((name) => !['', '.', '..'].includes(name)),
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
  expect(await left()).toEqual([])
  const page = await site.request(`/u/${token}`)
  expect(page.status).toBe(200)
  expect(await page.text()).toContain('Nothing has changed yet')
  expect(page.headers.get('Referrer-Policy')).toBe('same-origin')
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
  expect(await left()).toEqual(['weekly'])
})

test('the page’s own button is answered by a page that says what happened', async () => {
  const answer = await post(`/u/${token}`, 'from=page', 'application/x-www-form-urlencoded')
  expect(answer.status).toBe(200)
  expect(await answer.text()).toContain('You have left Weekly')
  expect(await left()).toEqual(['weekly'])
})

test('a wrong token is a page in plain words, and the link of a test message is harmless', async () => {
  for (const wrong of ['nonsense', `${token}x`, bed.tokens.sign('confirm', `${publicId}:weekly`)]) {
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
  expect(await left()).toEqual([])
})

test('a body above the limit is refused and changes nothing', async () => {
  const answer = await post(`/u/${token}`, 'x'.repeat(20_000), 'application/x-www-form-urlencoded')
  expect(answer.status).toBe(413)
  expect(await left()).toEqual([])
})

test('a fault of ours shows no internals', async () => {
  const archive = {
    ...bed.deps.archive,
    async version(): Promise<number> {
      throw new Error('SQLITE_CORRUPT at /srv/data/onrecord.db')
    },
  }
  const broken = createSite({ ...bed.deps, archive })
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
