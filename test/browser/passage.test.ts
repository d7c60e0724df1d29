import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { passageUrl } from '../../src/sources/passage.ts'
import { readDocument } from '../../src/sources/readable.ts'
import { shareBrowser, type Browsing } from './chromium.ts'

/** Each: the HTML that holds the passage, what is quoted of it, and the words it must lead to (`#here`). */
const cases = [
  [
    'plain words',
    '<p>He said <span id=here>there is a complete deadlock</span> and left.</p>',
    'there is a complete deadlock',
  ],
  [
    'hyphens, commas and ampersands',
    '<p>It was, <span id=here>in a well-known, much-cited R&amp;D paper -, as -they- say</span>, so.</p>',
    'in a well-known, much-cited R&D paper -, as -they- say',
  ],
  [
    'curly quotation marks quoted as straight ones',
    '<p>So <span id=here>“we don’t sign what we can’t keep”, he</span> said.</p>',
    '"we don\'t sign what we can\'t keep", he',
  ],
  [
    'an ellipsis',
    '<p>Then <span id=here>the delegation left the hall after nine hours, tired and late, and nobody spoke to the press</span>.</p>',
    'the delegation left the hall … and nobody spoke to the press',
  ],
  [
    'words across inline elements',
    '<p>And <span id=here>the <b>whole</b> of <a href="/x">the <i>agree</i>ment</a> fell</span> apart.</p>',
    'the whole of the agreement fell',
  ],
  [
    'a long quotation over two paragraphs',
    '<p>First. <span id=here>The two sides stand where they stood before the talks.</span></p><p>Nothing has come of nine hours of talking, they said.</p>',
    'The two sides stand where they stood before the talks. Nothing has come of nine hours of talking',
  ],
  [
    'soft hyphens and non-breaking spaces',
    '<p>On <span id=here>9&nbsp;October the nego&shy;tiations were sus&shy;pended</span>.</p>',
    '9 October the negotiations were suspended',
  ],
  [
    'Cyrillic',
    '<p>Он сказал: <span id=here>мы не получили никаких результатов на этих долгих переговорах в Стамбуле</span>.</p>',
    'мы не получили никаких результатов на этих долгих переговорах в Стамбуле',
  ],
  [
    'Arabic',
    '<p dir=rtl>قال الوزير إن <span id=here>المفاوضات انتهت دون التوصل إلى أي اتفاق مكتوب بين الطرفين</span> اليوم.</p>',
    'المفاوضات انتهت دون التوصل إلى أي اتفاق مكتوب بين الطرفين',
  ],
  [
    'Japanese',
    '<p>外務省は<span id=here>停戦は双方が維持している</span>と述べた。</p>',
    '停戦は双方が維持している',
  ],
  [
    'a figure with a footnote’s mark',
    '<p>They <span id=here>counted 46 dead in the four villages<sup>[2]</sup> of the district on the morning after</span>.</p>',
    'counted 46 dead in the four villages of the district on the morning after',
  ],
  [
    'a passage that an earlier one resembles',
    '<p>Kabul said that the truce of October holds.</p>{filler}<p>Islamabad said that <span id=here>the truce of October holds</span>.</p>',
    'Islamabad said that the truce of October holds',
  ],
] as const

const filler = Array.from(
  { length: 60 },
  (_, index) =>
    `<p>Paragraph ${index} of the page says little about harbours, boats and weather at sea that day.</p>`,
).join('\n')
const twice =
  '<p>Kabul answered that the truce of October holds for now.</p>{filler}<p>Islamabad answered that the truce of October holds for now.</p>'

function pageOf(body: string): string {
  return `<!doctype html><meta charset=utf-8><title>A page</title><article>${filler}${body.replace('{filler}', filler)}${filler}</article>`
}

/** The readable text of a page, as its snapshot keeps it. */
async function textOf(html: string): Promise<string> {
  const document = await readDocument(Buffer.from(html), 'text/html; charset=utf-8', 'http://a.test/')
  if (document.kind !== 'document') throw new Error(document.message)
  return document.text
}

let server: Server
let origin: string
let browser: Browsing
const pages = new Map<string, string>()

beforeAll(async () => {
  server = createServer((request, response) => {
    const path = request.url ?? '/'
    const moved = /^\/moved(\/.*)$/u.exec(path)?.[1]
    if (moved !== undefined) response.writeHead(302, { Location: moved }).end()
    else response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(pages.get(path) ?? '')
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  browser = await shareBrowser()
})
afterAll(async () => {
  await browser.close()
  await new Promise((done) => server.close(done))
})

/** Whether the page has scrolled, and `#here` is in view. */
async function isAt(page: Page, selector = '#here'): Promise<boolean> {
  try {
    await page.waitForFunction(
      `(() => { const box = document.querySelector(${JSON.stringify(selector)})?.getBoundingClientRect()
        return scrollY > 0 && box !== undefined && box.top >= 0 && box.top < innerHeight })()`,
      undefined,
      { timeout: 3000 },
    )
    return true
  } catch {
    return false
  }
}

/** Follows a link as a reader does, in a tab of its own. */
async function follow(link: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1024, height: 700 } })
  const page = await context.newPage()
  pages.set(
    '/mail',
    `<!doctype html><a href="${link.replaceAll('&', '&amp;')}" target=_blank rel=noopener>[1]</a>`,
  )
  await page.goto(`${origin}/mail`)
  const [opened] = await Promise.all([context.waitForEvent('page'), page.click('a')])
  await opened.waitForLoadState()
  return opened
}

describe('in Chromium, the link to a passage', () => {
  test.each(cases)('of %s scrolls to it', async (name, body, quote) => {
    const path = `/${encodeURIComponent(name)}`
    const html = pageOf(body)
    pages.set(path, html)
    const link = passageUrl(`${origin}${path}`, quote, await textOf(html))
    expect(link).not.toBeNull()
    const context = await browser.newContext({ viewport: { width: 1024, height: 700 } })
    const page = await context.newPage()
    await page.goto(link ?? '')
    expect(await isAt(page), decodeURIComponent(link ?? '')).toBe(true)
    await context.close()
  })

  test.each(cases.filter(([name]) => !/soft|resembles/u.test(name)))(
    'made of the quotation’s words alone, of %s, scrolls to it',
    async (name, body, quote) => {
      const path = `/words/${encodeURIComponent(name)}`
      pages.set(path, pageOf(body))
      const link = passageUrl(`${origin}${path}`, quote)
      const context = await browser.newContext({ viewport: { width: 1024, height: 700 } })
      const page = await context.newPage()
      await page.goto(link ?? '')
      expect(await isAt(page), decodeURIComponent(link ?? '')).toBe(true)
      await context.close()
    },
  )

  test.each([
    ['directly', ''],
    ['through a 302', '/moved'],
  ])('opened %s in a new noopener tab scrolls to it', async (_, prefix) => {
    const html = pageOf(cases[0][1])
    pages.set('/plain', html)
    const link = passageUrl(`${origin}${prefix}/plain`, cases[0][2], await textOf(html))
    const opened = await follow(link ?? '')
    expect(await isAt(opened)).toBe(true)
    expect(new URL(opened.url()).pathname).toBe('/plain')
    await opened.context().close()
  })

  test('opened through a 302 scrolls to it', async () => {
    const html = pageOf(cases[3][1])
    pages.set('/ellipsis', html)
    const link = passageUrl(`${origin}/moved/ellipsis`, cases[3][2], await textOf(html))
    const page = await browser.newPage({ viewport: { width: 1024, height: 700 } })
    await page.goto(link ?? '')
    expect(await isAt(page)).toBe(true)
    await page.close()
  })

  test('keeps a fragment that is there, and still scrolls to the passage', async () => {
    const html = pageOf(`<h2 id=part>A part</h2>${filler}${cases[0][1]}`)
    pages.set('/part', html)
    const link = passageUrl(`${origin}/part#part`, cases[0][2], await textOf(html))
    const page = await browser.newPage({ viewport: { width: 1024, height: 700 } })
    await page.goto(link ?? '')
    expect(await isAt(page)).toBe(true)
    await page.close()
  })

  test.each([
    ['Kabul answered that the truce of October holds', 0],
    ['Islamabad answered that the truce of October holds', 1],
    ['the truce of October holds for now', 0],
  ])('of “%s”, said twice, leads to the right place', async (quote, index) => {
    let count = 0
    const marked = twice.replaceAll('the truce', () => `<span id=place${count++}>the truce</span>`)
    const html = pageOf(marked)
    pages.set('/twice', html)
    const link = passageUrl(`${origin}/twice`, quote, await textOf(html))
    const page = await browser.newPage({ viewport: { width: 1024, height: 700 } })
    await page.goto(link ?? '')
    expect(await isAt(page, `#place${index}`), decodeURIComponent(link ?? '')).toBe(true)
    await page.close()
  })
})
