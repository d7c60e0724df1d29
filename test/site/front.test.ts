import { expect, test } from 'vitest'
import { createSite } from '../../src/site/site.ts'
import { openBed, samplePublication, type SiteBed } from './bed.ts'
import { publishQuoted } from './quoted-issue.ts'

const read = async (bed: SiteBed, path = '/'): Promise<string> => (await bed.site.request(path)).text()

/** Many issues from one. */
async function publishMany(bed: SiteBed, count: number): Promise<void> {
  const three = await publishQuoted(bed)
  for (let index = 1; index <= count; index++) {
    const issue = `n${String(index).padStart(3, '0')}`
    const date = new Date(Date.UTC(2024, 0, index)).toISOString().slice(0, 10)
    const of = (tier: keyof typeof three) => ({ ...three[tier], issue, date, hash: `${issue}${tier}` })
    await bed.editions.publish({ public: of('public'), subscriber: of('subscriber'), member: of('member') })
  }
}

test('before anything is published it says so, and invites', async () => {
  const html = await read(await openBed())
  expect(html).toContain('Nothing is published yet')
  expect(html).toContain('action="/subscribe"')
})

test('where there are several newsletters, each issue says whose it is; where there is one, none does', async () => {
  const weekly = samplePublication.newsletters['weekly']
  if (weekly === undefined) throw new Error('the sample has no weekly')
  const newsletters = { weekly, daily: { ...weekly, name: 'Daily <Wire>' } }
  const bed = await openBed({ publication: { ...samplePublication, newsletters } })
  const three = await publishQuoted(bed)
  const of = (tier: keyof typeof three) => ({
    ...{ ...three[tier], issue: 'd1', newsletter: 'daily', date: '2024-01-01', hash: `d1${tier}` },
  })
  await bed.editions.publish({ public: of('public'), subscriber: of('subscriber'), member: of('member') })
  const datelines = (html: string) =>
    [...html.matchAll(/<p class="(?:kicker|facts)">([^<]*)<time/g)].map(([, words]) => words)
  expect(datelines(await read(bed))).toEqual(['Latest issue · Weekly · ', 'Daily &lt;Wire&gt; · '])
  const alone = await openBed()
  await publishMany(alone, 1)
  expect(datelines(await read(alone))).toEqual(['Latest issue · ', ''])
})

test('it opens with the latest issue and its briefs, then those before it', async () => {
  const bed = await openBed()
  await publishMany(bed, 2)
  const html = await read(bed)
  const places = [
    'href="/issues/w1"',
    'href="/issues/w1/bridge"',
    'href="/issues/n002"',
    'href="/issues/n001"',
  ]
  const found = places.map((place) => html.indexOf(place))
  expect(found).not.toContain(-1)
  expect(found).toEqual(found.toSorted((a, b) => a - b))
  expect(html.match(/<h1/g)).toHaveLength(1)
  expect(html).not.toContain('rel="next"')
})

test('older issues stand on further pages, each issue on one', async () => {
  const bed = await openBed()
  await publishMany(bed, 50)
  const seen: (string | undefined)[] = []
  let path: string | null = '/'
  for (let pages = 0; path !== null && pages < 9; pages++) {
    const html: string = await read(bed, path)
    seen.push(...[...html.matchAll(/<h[23][^>]*><a href="\/issues\/([^"/]+)"/g)].map(([, issue]) => issue))
    path = /<a rel="next" href="([^"]+)"/.exec(html)?.[1] ?? null
  }
  expect(seen).toHaveLength(51)
  expect(new Set(seen).size).toBe(51)
  expect(await read(bed, '/?page=1')).toBe(await read(bed))
})

test.each(['0', '-1', '01', '1.5', '1e1', 'x', '', '3', '99', '9999', '10000'])(
  'a page that is none is not found: “%s” of two',
  async (page) => {
    const bed = await openBed()
    await publishMany(bed, 47)
    expect((await bed.site.request('/?page=2')).status).toBe(200)
    expect((await bed.site.request(`/?page=${page}`)).status).toBe(404)
  },
)

test('a front page reads no more issues than it shows, and one more', async () => {
  const bed = await openBed()
  await publishMany(bed, 60)
  const ranges: unknown[] = []
  const { archive } = bed.deps
  const site = createSite({
    ...bed.deps,
    archive: {
      ...archive,
      heads(tier, range) {
        ranges.push(range)
        return archive.heads(tier, range)
      },
    },
  })
  for (const path of ['/', '/?page=2', '/?page=9']) await site.request(path)
  expect(ranges).toEqual([
    { from: 0, count: 25 },
    { from: 24, count: 1 },
    { from: 24, count: 25 },
    { from: 192, count: 1 },
  ])
})
