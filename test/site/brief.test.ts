import { beforeAll, expect, test } from 'vitest'
import { openBed, type SiteBed } from './bed.ts'
import { publishQuoted } from './quoted-issue.ts'

let bed: SiteBed

beforeAll(async () => {
  bed = await openBed()
  await publishQuoted(bed)
})

const read = async (path: string): Promise<string> => (await bed.site.request(path)).text()
const numbers = (html: string): (string | undefined)[] =>
  [...html.matchAll(/<li id="s(\d+)" value="\1"/g)].map(([, number]) => number)

test('a brief has a page of its own, with what it cites under the numbers of the issue', async () => {
  const html = await read('/issues/w1/bridge')
  expect(html).toContain('<h1 class="title">The bridge stays shut</h1>')
  expect(numbers(html)).toEqual(['1', '2', '3'])
  expect(numbers(await read('/issues/w1/owners'))).toEqual(['3'])
  expect(html).toContain('<link rel="canonical" href="https://brief.example.org/issues/w1/bridge">')
  expect(html).toContain('Correction, 13 November 2025')
})

test('every way back on it leads to a citation that stands on it', async () => {
  for (const path of ['/issues/w1/bridge', '/issues/w1/owners']) {
    const html = await read(path)
    const targets = [...html.matchAll(/href="#([cs]\d[^"]*)"/g)].map(([, id]) => id)
    expect(targets.length).toBeGreaterThan(1)
    for (const id of targets) expect(html).toContain(` id="${id}"`)
  }
})

test('it says what is locked of its own sources, not of the issue’s', async () => {
  const words = (await read('/issues/w1/owners')).replace(/<[^>]*>/g, '')
  expect(words).toContain('1 source, 0 open, 1 unlocks when you confirm')
})

test('it leads to the briefs before and after it, and to the issue', async () => {
  const first = await read('/issues/w1/bridge')
  expect(first).toContain('<a rel="next" href="/issues/w1/owners">')
  expect(first).not.toContain('rel="prev"')
  expect(await read('/issues/w1/owners')).toContain('<a rel="prev" href="/issues/w1/bridge">')
  expect(first).toContain('href="/issues/w1"')
})

test('a brief that is not in the issue is no page', async () => {
  for (const path of ['/issues/w1/nobody', '/issues/w1/__proto__', '/issues/w9/bridge'])
    expect((await bed.site.request(path)).status).toBe(404)
})
