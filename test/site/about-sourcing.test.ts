import { parseHTML } from 'linkedom'
import { beforeAll, expect, test } from 'vitest'
import { rules } from '../../src/core/rules.ts'
import { tiers, type Tier } from '../../src/core/tier.ts'
import { createSite } from '../../src/site/site.ts'
import { samplePublication } from './bed.ts'
import { openTwoIssueBed, type TwoIssueBed } from './two-issue-bed.ts'

let bed: TwoIssueBed
beforeAll(async () => {
  bed = await openTwoIssueBed({
    publication: {
      ...samplePublication,
      policies: {
        corrections: 'We **say so**. <script>alert(1)</script> [x](javascript:alert(1))',
        privacy: 'Your address, until you leave.',
      },
      desk: { severities: { DC503: 'error', DC705: 'info' }, staleAfterDays: 365 },
    },
  })
})

const page = async (path: string, reader = bed.anybody) =>
  parseHTML(await (await reader.get(path)).text()).document

test('“how we source” shows the policies that there are, as the Markdown that they are', async () => {
  const document = await page('/how-we-source')
  const sections = [...document.querySelectorAll('section.policy')].map((each) => each.id)
  expect(sections).toEqual(['corrections', 'privacy'])
  const policy = document.querySelector('#corrections')
  expect(policy?.querySelector('strong')?.textContent).toBe('say so')
  expect(policy?.querySelector('script, a')).toBeNull()
  expect(policy?.textContent).toContain('<script>alert(1)</script>')
})

test('it says what the desk check asks, as strictly as this publication asks it', async () => {
  const document = await page('/how-we-source')
  const rules = [...document.querySelectorAll('.rules > *')].map((each) => each.textContent ?? '')
  const asked = (id: string) =>
    rules
      .find((text) => text.includes(id))
      ?.split('·')
      .at(-1)
      ?.trim()
  expect(rules.join('\n')).toContain(
    'A count of the dead is confirmed by somebody independent, or told as the claim of who gave it.',
  )
  const [error, warning] = [asked('DC104'), asked('DC201')]
  expect(error).not.toBe(warning)
  expect(asked('DC503')).toBe(error)
  expect(asked('DC502')).toBe(warning)
  // No setting softens a rule that no waiver may soften.
  expect(asked('DC705')).toBe(error)
  expect(asked('DC801')).toBeUndefined()
})

test('it speaks to readers: of every rule about sources, and in none of the desk’s own words', async () => {
  const document = await page('/how-we-source')
  const items = [...document.querySelectorAll('.rules > li')]
  const ids = Object.keys(rules).filter((id) => !id.startsWith('DC8'))
  expect(items.map((each) => each.querySelector('.facts')?.textContent.slice(0, 5))).toEqual(ids)
  for (const each of items) {
    const words = each.querySelector('p')?.textContent ?? ''
    expect(words).toMatch(/^\p{Lu}.*\.$/u)
    expect(words).not.toMatch(/ledger|waiver|snapshot|standfirst|toll|`|\{|\bkey\b|in scope/)
  }
})

test('corrections: the policy, then each with its day, its words and its brief, as the tier may read', async () => {
  const shown = async (reader: TwoIssueBed['anybody']) => {
    const document = await page('/corrections', reader)
    expect(document.querySelector('.policy strong')?.textContent).toBe('say so')
    return [...document.querySelectorAll('.corrections a')].map((link) => link.getAttribute('href'))
  }
  expect(await shown(bed.anybody)).toEqual(['/issues/one/quay'])
  expect(await shown(bed.subscriber)).toEqual(['/issues/one/quay'])
  expect(await shown(bed.member)).toEqual(['/issues/two/attic', '/issues/one/quay'])
  const open = await page('/corrections')
  expect(open.querySelector('.corrections')?.textContent).toContain(
    'We wrote <twelve>; it was eleven & a half.',
  )
  expect(open.querySelector('.corrections time')?.textContent).toBe('9 November 2025')
})

test('corrections of many years stand on pages, the latest first, and none is left out', async () => {
  const all = Array.from({ length: 101 }, (_, index) => ({
    ...{ issue: 'one', brief: 'quay', title: 'The quay', day: '2025-11-09', words: `Number ${index}.` },
  }))
  const { archive } = bed.deps
  const site = createSite({
    ...bed.deps,
    archive: {
      ...archive,
      corrections: async (_tier, { from = 0, count = 0 } = {}) => all.slice(from, from + count),
    },
  })
  const words: string[] = []
  const pager: (string | null)[] = []
  for (let path: string | null = '/corrections'; path !== null;) {
    const { document } = parseHTML(await (await site.request(path)).text())
    words.push(...[...document.querySelectorAll('.corrections p:last-child')].map((each) => each.textContent))
    pager.push(document.querySelector('h1')?.textContent ?? null)
    path = document.querySelector('.pager [rel=next]')?.getAttribute('href') ?? null
  }
  expect(words).toEqual(all.map((each) => each.words))
  expect(pager).toEqual(['Corrections', 'Older corrections', 'Older corrections'])
  for (const page of ['4', '0', '-1', 'x', '99999'])
    expect([page, (await site.request(`/corrections?page=${page}`)).status]).toEqual([page, 404])
})

test('sources.json is that of the reader’s tier, as it was frozen', async () => {
  const readers: Readonly<Record<Tier, TwoIssueBed['anybody']>> = { ...bed, public: bed.anybody }
  const tags = new Set<string | null>()
  for (const tier of tiers) {
    const answer = await readers[tier].get('/issues/one/sources.json')
    expect(answer.headers.get('Content-Type')).toBe('application/json; charset=utf-8')
    expect(answer.headers.get('Cache-Control')).toBe(
      tier === 'public' ? 'public, no-cache' : 'private, no-cache',
    )
    expect(answer.headers.get('Last-Modified')).toBe(
      tier === 'public' ? 'Mon, 05 Jan 2026 08:00:00 GMT' : null,
    )
    const since = { 'If-Modified-Since': 'Mon, 05 Jan 2026 09:00:00 GMT', Cookie: readers[tier].cookie ?? '' }
    const again = await bed.site.request('/issues/one/sources.json', { headers: since })
    expect([tier, again.status]).toEqual([tier, tier === 'public' ? 304 : 200])
    tags.add(answer.headers.get('ETag'))
    const head = await bed.deps.archive.editionOf('one', tier)
    expect(await answer.json()).toEqual(await bed.deps.archive.sources(head?.hash ?? ''))
  }
  expect(tags.size).toBe(3)
  expect((await bed.anybody.get('/issues/none/sources.json')).status).toBe(404)
})

test('the JSON-LD of every page can be read, and names the publisher once', async () => {
  for (const path of [
    '/',
    '/issues/one',
    '/issues/one/quay',
    '/corrections',
    '/how-we-source',
    '/sources/one/story',
  ]) {
    const scripts = [...(await page(path)).querySelectorAll('script[type="application/ld+json"]')]
    expect([path, scripts.length]).toEqual([path, 1])
    const text = scripts[0]?.textContent ?? ''
    expect(text).not.toMatch(/[<>]/)
    const data = JSON.parse(text) as { '@context': string; '@graph': { '@type': string; '@id': string }[] }
    expect(data['@context']).toBe('https://schema.org')
    const ids = data['@graph'].flatMap((node) => node['@id'] ?? [])
    expect(new Set(ids).size).toBe(ids.length)
    if (path.startsWith('/sources/')) continue
    expect(data['@graph'].filter((node) => node['@type'] === 'NewsMediaOrganization')).toHaveLength(1)
  }
})
