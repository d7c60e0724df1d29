import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startServer, type StartedServer } from '../../src/cli/start-server.ts'
import { unsubscribeToken } from '../../src/subscribers/unsubscribe-token.ts'
import { openBed, type SiteBed } from '../site/bed.ts'
import { publishQuoted } from '../site/quoted-issue.ts'
import { loggedIn } from '../site/visitor.ts'
import { png } from '../issue/rich-issue.ts'
import { serious } from './axe.ts'
import { shareBrowser, type Browsing } from './chromium.ts'

let bed: SiteBed
let server: StartedServer
let browser: Browsing
/** `reader=…`, of somebody subscribed. */
let session: string
let leave: string

beforeAll(async () => {
  bed = await openBed({ baseUrl: 'http://127.0.0.1' })
  await bed.publish('2025-w46')
  const { public: open } = await publishQuoted(bed)
  for (const name of open.images) writeFileSync(join(bed.deps.imagesDir, name), png(1200, 600, 3))
  const { publicId } = await bed.person('reader@brief.test')
  leave = unsubscribeToken(bed.tokens, { publicId, newsletter: 'weekly' })
  session = (await loggedIn(bed, 'reader@brief.test')).cookie ?? ''
  server = await startServer(bed.site.fetch, { port: 0 })
  browser = await shareBrowser()
})
afterAll(async () => {
  await browser.close()
  await server.close()
})

async function openPage(path: string, options: BrowserContextOptions = {}, signedIn = false): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1024, height: 800 }, ...options })
  const [name = '', value = ''] = session.split('=')
  if (signedIn) await context.addCookies([{ name, value, url: server.url }])
  const page = await context.newPage()
  await page.goto(server.url + path)
  return page
}

const anybody = [
  ['front', '/'],
  ['older issues', '/?page=2'],
  ['issue', '/issues/w1'],
  ['sample issue', '/issues/2025-w46'],
  ['brief', '/issues/w1/bridge'],
  ['source', '/sources/w1/harbour'],
  ['search', '/search?q=bridge'],
  ['search without words', '/search'],
  ['search that finds nothing', '/search?q=zzyzx'],
  ['corrections', '/corrections'],
  ['how we source', '/how-we-source'],
  ['subscribe', '/subscribe'],
  ['log in', '/log-in'],
  ['leave', '/u/LEAVE'],
  ['no such page', '/nowhere'],
] as const
const subscriber = [
  ['issue of a subscriber', '/issues/w1'],
  ['source of a subscriber', '/sources/w1/harbour'],
  ['preferences', '/preferences'],
] as const

describe('axe finds nothing serious, nothing overflows, and no policy is broken', () => {
  const all = [
    ...anybody.map(([name, path]) => ({ name, path, signedIn: false })),
    ...subscriber.map(([name, path]) => ({ name, path, signedIn: true })),
  ]
  test.each(all)('$name', async ({ path, signedIn }) => {
    const page = await openPage(path.replace('LEAVE', leave), {}, signedIn)
    const found: string[] = []
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) found.push(message.text())
    })
    page.on('pageerror', (error) => found.push(String(error)))
    await page.reload()
    expect(await headings(page)).toEqual(await inOrder(page))
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      for (const width of [375, 1024]) {
        await page.setViewportSize({ width, height: 800 })
        const over = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
        if (over > 0) found.push(`${over} px too wide at ${width}`)
        found.push(...(await serious(page)).map((each) => `${colorScheme} at ${width}: ${each}`))
      }
    }
    expect(found).toEqual([])
    await page.context().close()
  })
})

describe('a citation', () => {
  const mark = 'a.c[href="#s2"]'

  test('shows its source beside it on hover, and Escape takes it away', async () => {
    const page = await openPage('/issues/w1', {}, true)
    await page.locator(mark).first().hover()
    const box = page.getByRole('note', { name: 'Source 2' })
    await box.waitFor()
    const text = await box.innerText()
    expect(text).toContain('The Harbour Office')
    expect(text).toContain('The page of The Harbour Office')
    expect(text).toContain('8 November 2025')
    expect(text).toContain('The bridge stays shut until the divers are done')
    expect(text).toContain('Stored copy captured 10 November 2025')
    expect(text).toContain('Found word for word')
    expect(await serious(page)).toEqual([])
    // The pointer may go into it (WCAG 2.2, 1.4.13).
    await box.hover()
    await page.waitForTimeout(500)
    expect(await box.isVisible()).toBe(true)
    await page.keyboard.press('Escape')
    expect(await box.count()).toBe(0)
    await page.context().close()
  })

  test('shows it when it has the focus, and its links come next', async () => {
    const page = await openPage('/issues/w1', {}, true)
    await page.locator(mark).first().focus()
    await page.keyboard.press('Shift+Tab')
    await page.keyboard.press('Tab')
    const box = page.getByRole('note', { name: 'Source 2' })
    await box.waitFor()
    await page.keyboard.press('Tab')
    expect(await page.evaluate<string>('document.activeElement.textContent')).toBe(
      'The page of The Harbour Office',
    )
    await page.keyboard.press('Escape')
    expect(await page.evaluate<string>('document.activeElement.textContent')).toBe('[2]')
    expect(await box.count()).toBe(0)
    await page.context().close()
  })

  test('shows it along the bottom of a phone with a tap, wholly within the screen', async () => {
    const page = await openPage('/issues/w1', { viewport: { width: 375, height: 700 }, hasTouch: true }, true)
    await page.locator(mark).first().tap()
    const box = page.getByRole('note', { name: 'Source 2' })
    await box.waitFor()
    expect(page.url()).toBe(`${server.url}/issues/w1`)
    const at = await box.boundingBox()
    expect(at?.x).toBe(0)
    expect(at?.width).toBe(375)
    expect((at?.y ?? 0) + (at?.height ?? 0)).toBeCloseTo(700, 0)
    await box.getByRole('button', { name: 'Close' }).tap()
    expect(await box.count()).toBe(0)
    await page.context().close()
  })

  test('shows the public what is open alone', async () => {
    const page = await openPage('/issues/w1')
    await page.locator(mark).first().hover()
    const box = page.getByRole('note', { name: 'Source 2' })
    await box.waitFor()
    const text = await box.innerText()
    expect(text).toContain('The Harbour Office')
    expect(text).toContain('link for subscribers')
    expect(await box.locator('a[href^="http"]').count()).toBe(0)
    await page.context().close()
  })

  test('leads to the list and back without JavaScript', async () => {
    const page = await openPage('/issues/w1', { javaScriptEnabled: false })
    await page.locator(mark).first().click()
    expect(new URL(page.url()).hash).toBe('#s2')
    await page.locator('#s2 a.back').first().click()
    expect(new URL(page.url()).hash).toBe('#c2-1')
    await page.context().close()
  })
})

test('the first stop of the keyboard skips to the text', async () => {
  const page = await openPage('/issues/w1')
  await page.keyboard.press('Tab')
  expect(await page.evaluate<string>('document.activeElement.getAttribute("href")')).toBe('#main')
  expect(await page.locator('main, header.masthead, footer.footer').count()).toBe(3)
  await page.context().close()
})

test('on paper there is the text with its sources and their addresses, and no form', async () => {
  const page = await openPage('/issues/w1', {}, true)
  await page.emulateMedia({ media: 'print', colorScheme: 'light' })
  for (const gone of ['.site-nav', '.unlock', '.contents', '.footer-links'])
    expect(await page.locator(gone).first().isVisible()).toBe(false)
  expect(await page.locator('#s2').isVisible()).toBe(true)
  const printed = 'getComputedStyle(document.querySelector("#s2 .work a"), "::after").content'
  expect(await page.evaluate<string>(printed)).toContain('https://harbour.test/note')
  await page.context().close()
})

async function headings(page: Page): Promise<number[]> {
  return page.evaluate<number[]>(
    '[...document.querySelectorAll("h1,h2,h3,h4,h5,h6")].map((each) => Number(each.localName[1]))',
  )
}

/** The same levels where none is skipped and the first is the page's own: what a screen reader lists. */
async function inOrder(page: Page): Promise<number[]> {
  let before = 0
  return (await headings(page)).map((level) => (before = Math.min(level, before + 1)))
}
