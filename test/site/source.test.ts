import { parseHTML } from 'linkedom'
import { beforeAll, expect, test } from 'vitest'
import { createSite } from '../../src/site/site.ts'
import { openTwoIssueBed, type TwoIssueBed } from './two-issue-bed.ts'

let bed: TwoIssueBed
beforeAll(async () => {
  bed = await openTwoIssueBed()
})

const places = (html: string) =>
  [...parseHTML(html).document.querySelectorAll('section[aria-labelledby=places] a')].map((link) =>
    link.getAttribute('href'),
  )

test('a source’s page names every brief that cites it, in all issues, latest first', async () => {
  const answer = await bed.anybody.get('/sources/one/story')
  expect(answer.status).toBe(200)
  const html = await answer.text()
  expect(html).toContain('Cranes stand still')
  expect(places(html)).toEqual(['/issues/two/lock', '/issues/one/quay'])
  const seen = places(await (await bed.subscriber.get('/sources/one/story')).text())
  expect(seen).toEqual(['/issues/two/lock', '/issues/two/vault', '/issues/one/quay'])
})

test('its canonical address is in the first issue that cites the work, whatever it is called later', async () => {
  for (const path of ['/sources/one/story', '/sources/two/story-again']) {
    const { document } = parseHTML(await (await bed.anybody.get(path)).text())
    expect(document.querySelector('link[rel=canonical]')?.getAttribute('href')).toBe(
      'https://brief.example.org/sources/one/story',
    )
  }
})

test('its link is open to subscribers and not in the page of the public, which says what unlocks it', async () => {
  const open = await (await bed.subscriber.get('/sources/one/story')).text()
  expect(open).toContain('href="https://wire.example.com/story"')
  const locked = await (await bed.anybody.get('/sources/one/story')).text()
  expect(locked).not.toContain('wire.example.com')
  const lock = parseHTML(locked).document.querySelector('.unlock')?.textContent
  expect(lock).toContain('1 source, 0 open, 1 unlock')
})

test('where only members read of a source, nobody else is told', async () => {
  expect(places(await (await bed.member.get('/sources/one/deed')).text())).toEqual([
    '/issues/two/attic',
    '/issues/one/quay',
  ])
  for (const reader of [bed.anybody, bed.subscriber]) {
    for (const path of ['/sources/one/deed', '/sources/two/deed-again']) {
      const html = await (await reader.get(path)).text()
      expect(places(html)).toEqual([path.replace(/sources\/(\w+)\/.*/, 'issues/$1')])
      expect(html).not.toContain('attic.example.com')
    }
  }
})

test('a member’s page cannot be told from another’s by a cache, nor shown from one', async () => {
  const [open, member] = [
    await bed.anybody.get('/sources/one/deed'),
    await bed.member.get('/sources/one/deed'),
  ]
  expect(open.headers.get('Cache-Control')).toBe('public, no-cache')
  expect(member.headers.get('Cache-Control')).toBe('private, no-cache')
  expect(open.headers.get('ETag')).not.toBe(member.headers.get('ETag'))
  const again = await bed.site.request('/sources/one/deed', {
    headers: { 'If-None-Match': open.headers.get('ETag') ?? '' },
  })
  expect(again.status).toBe(304)
  const crossed = await bed.site.request('/sources/one/deed', {
    headers: { 'If-None-Match': open.headers.get('ETag') ?? '', Cookie: bed.member.cookie ?? '' },
  })
  expect(crossed.status).toBe(200)
})

test('there is no page of what is not in the list', async () => {
  for (const path of [
    '/sources/one/nothing',
    '/sources/none/story',
    '/sources/one/..%2fx',
    '/sources/one/%00',
    '/sources/%FF/x',
  ])
    expect((await bed.anybody.get(path)).status).toBe(404)
})

test('says in JSON-LD which work it is about, with an address only for who may follow it', async () => {
  const dataOf = async (reader: TwoIssueBed['anybody']) => {
    const { document } = parseHTML(await (await reader.get('/sources/one/story')).text())
    return JSON.parse(document.querySelector('script[type="application/ld+json"]')?.textContent ?? '')
  }
  const [page, work] = (await dataOf(bed.subscriber))['@graph']
  expect(page).toMatchObject({ '@type': 'WebPage', mainEntity: { '@id': work['@id'] } })
  expect(work).toMatchObject({
    '@type': 'NewsArticle',
    name: 'Cranes stand still',
    url: 'https://wire.example.com/story',
  })
  expect((await dataOf(bed.anybody))['@graph'][1]).not.toHaveProperty('url')
})

test('who has the page of a source, or sources.json, already, makes nobody read its edition', async () => {
  const reads: string[] = []
  const { archive } = bed.deps
  const site = createSite({
    ...bed.deps,
    archive: {
      ...archive,
      page: (hash) => (reads.push('page'), archive.page(hash)),
      sources: (hash) => (reads.push('sources'), archive.sources(hash)),
    },
  })
  for (const path of ['/sources/one/story', '/issues/one/sources.json']) {
    const tag = (await site.request(path)).headers.get('ETag') ?? ''
    const before = reads.length
    const again = await site.request(path, { headers: { 'If-None-Match': tag } })
    expect([path, again.status, (await site.request(path)).status]).toEqual([path, 304, 200])
    expect([path, before, reads.length]).toEqual([path, before, before])
    expect(reads).not.toEqual([])
  }
})
