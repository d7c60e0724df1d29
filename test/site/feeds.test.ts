import { parseHTML } from 'linkedom'
import { beforeAll, expect, test } from 'vitest'
import { openBed } from './bed.ts'
import { createSite } from '../../src/site/site.ts'
import { openTwoIssueBed, type TwoIssueBed } from './two-issue-bed.ts'
import { secrets } from './two-issues.ts'

let bed: TwoIssueBed
beforeAll(async () => {
  bed = await openTwoIssueBed()
})

const paths = ['/feed.xml', '/feed.json', '/sitemap.xml', '/robots.txt'] as const

test('each has its media type, an ETag and, but for robots.txt, a time of change', async () => {
  const types = {
    '/feed.xml': 'application/rss+xml; charset=utf-8',
    '/feed.json': 'application/feed+json; charset=utf-8',
    '/sitemap.xml': 'application/xml; charset=utf-8',
    '/robots.txt': 'text/plain; charset=utf-8',
  }
  for (const path of paths) {
    const { headers } = await bed.anybody.get(path)
    expect(headers.get('Content-Type')).toBe(types[path])
    expect(headers.get('Cache-Control')).toBe('public, no-cache')
    const ETag = headers.get('ETag') ?? ''
    expect(ETag).toMatch(/^"[^"]+"$/)
    const again = await bed.site.request(path, { headers: { 'If-None-Match': `W/${ETag}` } })
    expect([again.status, await again.text()]).toEqual([304, ''])
    const time = headers.get('Last-Modified')
    expect(time).toBe(path === '/robots.txt' ? null : 'Mon, 05 Jan 2026 08:01:00 GMT')
    const since = async (If: string) =>
      (await bed.site.request(path, { headers: { 'If-Modified-Since': If } })).status
    if (time === null) continue
    expect(await since(time)).toBe(304)
    expect(await since('Mon, 05 Jan 2026 08:00:59 GMT')).toBe(200)
    expect(await since('yesterday')).toBe(200)
    // RFC 9110 §13.1.3: where both are sent, only the tag counts.
    const both = { 'If-Modified-Since': time, 'If-None-Match': '"other"' }
    expect((await bed.site.request(path, { headers: both })).status).toBe(200)
  }
})

test('they change when something is published, at once', async () => {
  const fresh = await openBed()
  const tagOf = async () => (await fresh.site.request('/feed.xml')).headers.get('ETag')
  const empty = await fresh.site.request('/feed.xml')
  expect(await empty.text()).not.toContain('<item>')
  const before = await tagOf()
  await fresh.publish('2025-w46')
  expect(await tagOf()).not.toBe(before)
  expect(await (await fresh.site.request('/feed.xml')).text()).toContain('<item>')
})

test('whoever asks gets the public’s, with nothing that others read', async () => {
  for (const path of paths) {
    const open = await (await bed.anybody.get(path)).text()
    for (const reader of [bed.subscriber, bed.member])
      expect(await (await reader.get(path)).text()).toBe(open)
    for (const word of [...secrets.member, ...secrets.subscriber]) expect(open).not.toContain(word)
  }
})

interface JsonFeed {
  readonly items: readonly {
    readonly id: string
    readonly content_html: string
    readonly [name: string]: unknown
  }[]
}

const readFeed = async () => (await (await bed.anybody.get('/feed.json')).json()) as JsonFeed

test('JSON Feed 1.1: what it must have, absolute addresses, the whole text', async () => {
  const feed = await readFeed()
  expect(feed).toMatchObject({
    version: 'https://jsonfeed.org/version/1.1',
    title: 'The Ledger Brief',
    home_page_url: 'https://brief.example.org/',
    feed_url: 'https://brief.example.org/feed.json',
    language: 'en',
  })
  expect(feed.items.map(({ id }) => id)).toEqual([
    'https://brief.example.org/issues/two',
    'https://brief.example.org/issues/one',
  ])
  const [, one] = feed.items
  if (one === undefined) throw new Error('one issue is missing')
  expect(one).toMatchObject({
    url: one.id,
    title: 'Harbour <week> & "after"',
    date_published: '2025-11-07T00:00:00.000Z',
    date_modified: '2026-01-05T08:00:00.000Z',
    authors: [{ name: 'Ada Bell' }],
    tags: ['harbour'],
    language: 'en',
  })
  const { document } = parseHTML(`<!doctype html><html><body>${one.content_html}</body></html>`)
  expect(document.querySelector('h2')?.textContent).toBe('The quay ]]> & the <crane>')
  expect(document.body.textContent).toContain('They creaked')
  expect(document.body.textContent).toContain('What members read')
  expect(document.body.textContent).toContain('We wrote <twelve>; it was eleven & a half.')
  expect(document.body.textContent).toContain('3 sources, 0 open, 2 unlock when you subscribe.')
  const links = [...document.querySelectorAll('[href], [src]')].map(
    (each) => each.getAttribute('href') ?? each.getAttribute('src') ?? '',
  )
  expect(links).toContain('https://brief.example.org/issues/one#s1')
  for (const link of links) expect(link).toMatch(/^https:\/\//)
})

test('a brief that is for subscribers or members is named and not told', async () => {
  const feed = await readFeed()
  const text = feed.items[0]?.content_html
  expect(text).toContain('This brief is for subscribers.')
  expect(text).toContain('This brief is for members.')
})

test('pictures of an issue frozen under another address lead to this one', async () => {
  const moved = await openBed()
  await moved.publish('2025-w46')
  const site = createSite({ ...moved.deps, baseUrl: 'https://new.example.org' })
  for (const path of ['/feed.json', '/feed.xml']) {
    const text = await (await site.request(`https://new.example.org${path}`)).text()
    expect(text).toContain('https://new.example.org/images/')
    expect(text).not.toContain('https://brief.example.org/i')
  }
})
