import { Hono } from 'hono'
import { parseDocument } from 'htmlparser2'
import { beforeAll, expect, test } from 'vitest'
import { anybody, type SiteEnv } from '../../src/site/env.ts'
import { keepPages } from '../../src/site/middleware/keep-pages.ts'
import { addSitemap } from '../../src/site/surfaces/sitemap.ts'
import { openTwoIssueBed, type TwoIssueBed } from './two-issue-bed.ts'

let bed: TwoIssueBed
beforeAll(async () => {
  bed = await openTwoIssueBed()
})

const base = 'https://brief.example.org'

/** The texts of all elements of that name. */
function texts(xml: string, name: string): string[] {
  const found: string[] = []
  const walk = (nodes: ReturnType<typeof parseDocument>['children'], inside: boolean): void => {
    for (const node of nodes) {
      if ('data' in node && inside) found.push(node.data)
      if ('children' in node) walk(node.children, 'name' in node && node.name === name)
    }
  }
  walk(parseDocument(xml, { xmlMode: true }).children, false)
  return found
}

test('names every page of the public, each once, under its canonical address', async () => {
  const xml = await (await bed.anybody.get('/sitemap.xml')).text()
  expect(texts(xml, 'loc').toSorted()).toEqual(
    [
      ...['/', '/corrections', '/how-we-source', '/issues/one', '/issues/one/quay', '/issues/two'],
      ...['/issues/two/lock', '/issues/two/vault', '/issues/two/attic'],
      ...['/sources/one/story', '/sources/one/notice', '/sources/one/deed'],
      ...['/sources/two/memo', '/sources/two/deed-again'],
    ]
      .map((path) => base + path)
      .toSorted(),
  )
})

test('every address that it names is there, and says that it is the canonical one', async () => {
  const xml = await (await bed.anybody.get('/sitemap.xml')).text()
  for (const loc of texts(xml, 'loc')) {
    const answer = await bed.anybody.get(loc)
    expect([loc, answer.status]).toEqual([loc, 200])
    expect(await answer.text()).toContain(`<link rel="canonical" href="${loc}">`)
  }
})

test('a page changed when what it shows was last published', async () => {
  const xml = await (await bed.anybody.get('/sitemap.xml')).text()
  const changed = (path: string) =>
    xml.match(new RegExp(`<loc>${base}${path}</loc><lastmod>([^<]*)</lastmod>`))?.[1]
  expect(changed('/issues/one')).toBe('2026-01-05T08:00:00.000Z')
  expect(changed('/issues/two/lock')).toBe('2026-01-05T08:01:00.000Z')
  // Cited first in one, and again in two.
  expect(changed('/sources/one/story')).toBe('2026-01-05T08:01:00.000Z')
  expect(changed('/sources/one/notice')).toBe('2026-01-05T08:00:00.000Z')
  expect(changed('/how-we-source')).toBeUndefined()
})

test('more addresses than a file may hold are cut into files, with an index of them', async () => {
  const app = new Hono<SiteEnv>()
  app.use(async (c, next) => {
    c.set('reader', anybody)
    await next()
  })
  app.use(keepPages(bed.deps))
  addSitemap(5)(app, bed.deps)
  const index = await (await app.request('/sitemap.xml')).text()
  expect(index).toContain('<sitemapindex')
  const files = texts(index, 'loc')
  expect(files).toEqual([1, 2, 3].map((number) => `${base}/sitemap/${number}.xml`))
  const all: string[] = []
  for (const file of files) {
    const answer = await app.request(new URL(file).pathname)
    expect(answer.headers.get('Content-Type')).toBe('application/xml; charset=utf-8')
    const named = texts(await answer.text(), 'loc')
    expect(named.length).toBeLessThanOrEqual(5)
    all.push(...named)
  }
  expect(new Set(all).size).toBe(14)
  expect(all).toHaveLength(14)
  for (const path of ['/sitemap/0.xml', '/sitemap/4.xml', '/sitemap/01.xml', '/sitemap/x.xml', '/sitemap/'])
    expect((await app.request(path)).status).toBe(404)
})

test('however many ask for files of a new version, the archive is gone through once; a failure is not kept', async () => {
  const app = new Hono<SiteEnv>()
  app.use(async (c, next) => {
    c.set('reader', anybody)
    await next()
  })
  app.use(keepPages(bed.deps))
  app.onError((_error, c) => c.text('', 503))
  let times = 0
  const archive = {
    ...bed.deps.archive,
    async works() {
      if (times++ === 0) throw new Error('the store is gone')
      return bed.deps.archive.works('public')
    },
  }
  addSitemap(5)(app, { ...bed.deps, archive })
  const ask = () =>
    Promise.all(
      ['/sitemap/1.xml', '/sitemap/2.xml', '/sitemap/9.xml'].map(
        async (path) => (await app.request(path)).status,
      ),
    )
  expect([await ask(), times]).toEqual([[503, 503, 503], 1])
  expect([await ask(), times]).toEqual([[200, 200, 404], 2])
})

test('a source or issue whose id XML or a path would read otherwise is written so that it is read back', async () => {
  const app = new Hono<SiteEnv>()
  app.use(async (c, next) => {
    c.set('reader', anybody)
    await next()
  })
  app.use(keepPages(bed.deps))
  const archive = {
    ...bed.deps.archive,
    works: async () => [{ issue: 'a&b', source: `<'"/ü?#`, changedAt: 0 }],
  }
  addSitemap(50_000)(app, { ...bed.deps, archive })
  const xml = await (await app.request('/sitemap.xml')).text()
  expect(texts(xml, 'loc').at(-1)).toBe(`${base}/sources/a%26b/%3C'%22%2F%C3%BC%3F%23`)
})

test('robots.txt leads to the sitemap and keeps robots from what is of one person', async () => {
  const text = await (await bed.anybody.get('/robots.txt')).text()
  expect(text).toMatch(/^User-agent: \*\n/)
  expect(text).toContain('Disallow: /search\n')
  expect(text).toContain('Disallow: /preferences\n')
  expect(text).toContain(`\n\nSitemap: ${base}/sitemap.xml\n`)
  expect(text).not.toMatch(/^Disallow: \/(issues|sources|feed|$)/m)
})
