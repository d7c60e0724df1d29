import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { samplePublication } from '../site/bed.ts'
import { openTwoIssueBed, type TwoIssueBed } from '../site/two-issue-bed.ts'
import { shareBrowser, type Browsing } from './chromium.ts'

/*
 * XML by a parser that is not ours and forgives nothing: Chromium's.
 */

let browser: Browsing
let page: Page
let bed: TwoIssueBed
beforeAll(async () => {
  browser = await shareBrowser()
  page = await browser.newPage()
  bed = await openTwoIssueBed({
    // What XML has no character for, and what would end an element or a section.
    publication: { ...samplePublication, name: 'Nul\u0000 \ufffe \ud800 ]]> </title> & “Brief”' },
  })
})
afterAll(() => browser.close())

/** What the parser read of a feed or a sitemap. */
interface Parsed {
  readonly error: string | null
  readonly root: string
  readonly version: string | null
  readonly channel: Readonly<Record<string, string>>
  readonly items: readonly {
    readonly names: readonly string[]
    readonly title: string
    readonly link: string
    readonly guid: string
    readonly permanent: string | null
    readonly pubDate: string
    readonly headings: readonly string[]
    readonly text: string
    readonly links: readonly string[]
    readonly scripts: number
  }[]
  readonly locs: readonly string[]
}

/** Runs in the browser. */
const parse = `(text) => {
  const document = new DOMParser().parseFromString(text, 'application/xml')
  const first = (parent, name) => parent.getElementsByTagName(name)[0]
  const channel = document.querySelector('channel')
  return {
    error: document.querySelector('parsererror')?.textContent ?? null,
    root: document.documentElement.nodeName,
    version: document.documentElement.getAttribute('version'),
    channel: Object.fromEntries(
      [...(channel?.children ?? [])]
        .filter((each) => each.nodeName !== 'item')
        .map((each) => [each.nodeName, each.getAttribute('href') ?? each.textContent]),
    ),
    items: [...document.getElementsByTagName('item')].map((item) => {
      const content = first(item, 'content:encoded').textContent
      const html = new DOMParser().parseFromString(content, 'text/html')
      return {
        names: [...new Set([...item.children].map((each) => each.nodeName))],
        ...Object.fromEntries(
          ['title', 'link', 'guid', 'pubDate'].map((name) => [name, first(item, name).textContent]),
        ),
        permanent: first(item, 'guid').getAttribute('isPermaLink'),
        headings: [...html.querySelectorAll('h2')].map((each) => each.textContent),
        text: html.body.textContent,
        links: [...html.querySelectorAll('[href], [src]')].map(
          (each) => each.getAttribute('href') ?? each.getAttribute('src'),
        ),
        scripts: html.querySelectorAll('script, style, iframe, [onerror]').length,
      }
    }),
    locs: [...document.getElementsByTagName('loc')].map((each) => each.textContent),
  }
}`

const read = async (path: string): Promise<Parsed> => {
  const xml = await (await bed.anybody.get(path)).text()
  return page.evaluate<Parsed>(`(${parse})(${JSON.stringify(xml)})`)
}

test('RSS 2.0 is well-formed whatever the publication and its briefs are called, and has what it must have', async () => {
  const feed = await read('/feed.xml')
  expect(feed).toMatchObject({ error: null, root: 'rss', version: '2.0' })
  expect(feed.channel).toMatchObject({
    title: 'Nul\ufffd \ufffd \ufffd ]]> </title> & “Brief”',
    link: 'https://brief.example.org/',
    description: 'Every claim on the record',
    language: 'en',
    lastBuildDate: 'Mon, 05 Jan 2026 08:01:00 GMT',
    'atom:link': 'https://brief.example.org/feed.xml',
  })
  expect(feed.items.map(({ link }) => link)).toEqual([
    'https://brief.example.org/issues/two',
    'https://brief.example.org/issues/one',
  ])
  const one = feed.items[1]
  expect(one).toMatchObject({
    title: 'Harbour <week> & "after"',
    guid: one?.link,
    permanent: 'true',
    pubDate: 'Fri, 07 Nov 2025 00:00:00 GMT',
    headings: ['The quay ]]> & the <crane>', 'Sources'],
    scripts: 0,
  })
  expect(one?.names.toSorted()).toEqual(
    [
      'category',
      'content:encoded',
      'dc:creator',
      'description',
      'guid',
      'link',
      'pubDate',
      'title',
    ].toSorted(),
  )
  expect(one?.text).toContain('They creaked')
  expect(one?.text).toContain('We wrote <twelve>; it was eleven & a half.')
  for (const link of feed.items.flatMap(({ links }) => links)) expect(link).toMatch(/^https:\/\//)
})

test('the sitemap is well-formed', async () => {
  const sitemap = await read('/sitemap.xml')
  expect(sitemap).toMatchObject({ error: null, root: 'urlset' })
  expect(sitemap.locs).toHaveLength(14)
})
