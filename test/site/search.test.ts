import fc from 'fast-check'
import { parseHTML } from 'linkedom'
import { beforeAll, expect, test } from 'vitest'
import { createSite } from '../../src/site/site.ts'
import { openTwoIssueBed, type TwoIssueBed } from './two-issue-bed.ts'

let bed: TwoIssueBed
beforeAll(async () => {
  bed = await openTwoIssueBed()
})

const ask = (query: string, more = ''): Promise<Response> =>
  bed.anybody.get(`/search?q=${encodeURIComponent(query)}${more}`)

const hits = (html: string) =>
  [...parseHTML(html).document.querySelectorAll('.hits h2 a')].map((link) => link.getAttribute('href'))

test('finds briefs, marks the words and shows what was asked', async () => {
  const html = await (await ask('creaked')).text()
  expect(hits(html)).toEqual(['/issues/one/quay'])
  expect(html).toContain('<mark>creaked</mark>')
  expect(parseHTML(html).document.querySelector('input[name=q]')?.getAttribute('value')).toBe('creaked')
})

test('a heading does not run into the sentence below it', async () => {
  const { document } = parseHTML(await (await ask('stood')).text())
  expect(document.querySelector('.hits li')?.textContent).toContain('On the quay · The cranes stood still.')
})

test('where nothing is found the page helps: how to ask, the newest issues that the tier reads, all issues', async () => {
  const { document } = parseHTML(await (await ask('zzyzx <b>')).text())
  expect(document.querySelector('[role=status]')?.textContent).toBe('Nothing was found for “zzyzx <b>”.')
  const links = [...document.querySelectorAll('main a')].map((link) => link.getAttribute('href'))
  expect(links).toEqual(expect.arrayContaining(['/issues/two', '/issues/one', '/']))
  expect(document.querySelector('.hits')).toBeNull()
  expect(document.querySelector('main')?.textContent).toContain('Is each word spelt')
  const found = parseHTML(await (await ask('creaked')).text()).document
  expect(found.querySelector('main')?.textContent).not.toMatch(/Nothing was found|newest/)
})

test('words of a brief that look like markup come out as text, in the title and around the mark', async () => {
  const html = await (await ask('eleven')).text()
  expect(html).toContain('We wrote &lt;twelve&gt;; it was <mark>eleven</mark> &amp; a half.')
  expect(html).toContain('The quay ]]&gt; &amp; the &lt;crane&gt;')
  const { document } = parseHTML(html)
  expect(document.querySelector('crane, twelve')).toBeNull()
})

test('the page is kept by nobody and is not to be found by search engines', async () => {
  const { headers } = await ask('creaked')
  expect(headers.get('Cache-Control')).toBe('no-store')
  expect(headers.get('X-Robots-Tag')).toBe('noindex')
  expect(headers.get('ETag')).toBeNull()
})

test('an empty question is answered by the form alone', async () => {
  for (const path of ['/search', '/search?q=', '/search?q=%20%20', '/search?page=3']) {
    const answer = await bed.anybody.get(path)
    expect(answer.status).toBe(200)
    expect(parseHTML(await answer.text()).document.querySelector('.hits')).toBeNull()
  }
})

test('each tier finds in what it reads', async () => {
  const found = async (reader: TwoIssueBed['anybody'], word: string) =>
    hits(await (await reader.get(`/search?q=${word}`)).text())
  expect(await found(bed.member, 'zirconium')).toEqual(['/issues/one/quay'])
  expect(await found(bed.subscriber, 'zirconium')).toEqual([])
  expect(await found(bed.subscriber, 'tourmaline')).toEqual(['/issues/two/vault'])
  expect(await found(bed.anybody, 'tourmaline')).toEqual([])
})

test('more than a page of results is turned, and the question goes along', async () => {
  const archive = {
    ...bed.deps.archive,
    search: async (_query: string, _tier: string, { from, count }: { from: number; count: number }) => ({
      total: 45,
      hits: Array.from({ length: Math.min(count, 45 - from) }, (_, index) => ({
        ...{ issue: 'one', brief: 'quay', title: `${from + index}`, date: '2025-11-07', snippet: ['x'] },
      })),
    }),
  }
  const site = createSite({ ...bed.deps, archive })
  const read = async (path: string) => {
    const { document } = parseHTML(await (await site.request(path)).text())
    const to = (rel: string) => document.querySelector(`.pager [rel=${rel}]`)?.getAttribute('href') ?? null
    return { next: to('next'), prev: to('prev'), first: document.querySelector('.hits h2')?.textContent }
  }
  expect(await read('/search?q=a%26b')).toEqual({ first: '0', prev: null, next: '/search?q=a%26b&page=2' })
  expect(await read('/search?q=x&page=2')).toEqual({
    first: '20',
    prev: '/search?q=x',
    next: '/search?q=x&page=3',
  })
  expect(await read('/search?q=x&page=3')).toMatchObject({ prev: '/search?q=x&page=2', next: null })
  for (const page of ['0', '-1', 'x', '1e9', '99999999999', '']) {
    const answer = await site.request(`/search?q=x&page=${page}`)
    expect(answer.status).toBe(200)
  }
})

test('whatever is typed is answered by a page that shows it as text', async () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc
      .array(
        fc.constantFrom(
          ...[
            '"',
            "'",
            '<script>',
            '</mark>',
            '-->',
            '&amp;',
            '{{#if}}',
            '%',
            '*',
            'NEAR(',
            ' OR ',
            'crane',
            '\u0002',
            '\0',
          ],
        ),
        { maxLength: 30 },
      )
      .map((parts) => parts.join('')),
  )
  await fc.assert(
    fc.asyncProperty(hostile, async (query) => {
      const answer = await ask(query.toWellFormed())
      expect(answer.status).toBe(200)
      const html = await answer.text()
      expect(html).not.toMatch(/fts5|sqlite|syntax error/i)
      const { document } = parseHTML(html)
      expect(document.querySelectorAll('script:not([src])')).toHaveLength(0)
      expect(document.querySelectorAll('main')).toHaveLength(1)
    }),
    { numRuns: 150 },
  )
  for (const raw of ['%', '%ff', '%00', '%22%2a', '%ED%A0%80', '+++', '&q=2&q=3', '%2522'])
    expect((await bed.anybody.get(`/search?q=${raw}`)).status).toBe(200)
  expect((await ask('x'.repeat(5_000))).status).toBe(200)
})

test('a network that searches too often within a minute is told when to come again; others are not', async () => {
  const { archive } = bed.deps
  let asked = 0
  const counted = {
    ...archive,
    search: (...given: Parameters<typeof archive.search>) => (asked++, archive.search(...given)),
  }
  const clock = { time: 0, now: () => clock.time }
  const limits = { sessionDays: 90, signUpsPerHour: 1, searchesPerMinute: 3 }
  const site = createSite({ ...bed.deps, archive: counted, clock, limits, trustProxy: 1 })
  const from = (address: string, path = '/search?q=crane') =>
    site.request(path, { headers: { 'X-Forwarded-For': address } })
  for (let time = 0; time < 3; time++) expect((await from(`203.0.113.${time}`)).status).toBe(200)
  clock.time = 18_000
  const refused = await from('203.0.113.9')
  expect([refused.status, refused.headers.get('Retry-After')]).toEqual([429, '42'])
  expect(await refused.text()).toContain('try again in 42 seconds')
  expect(asked).toBe(3)
  // The form alone is no work, and another network has searched nothing.
  expect((await from('203.0.113.9', '/search')).status).toBe(200)
  expect((await from('198.51.100.1')).status).toBe(200)
  clock.time = 60_000
  expect((await from('203.0.113.9')).status).toBe(200)
})
