import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tiers } from '../../src/core/tier.ts'
import { render } from '../../src/render/render.ts'
import { styleHashes } from '../../src/render/style-hashes.ts'
import { largeText } from '../../src/studio/large-text.ts'
import { baseUrl, publication, richIssue } from '../render/fixture.ts'
import { looks } from '../render/looks.ts'
import { serious } from './axe.ts'
import { shareBrowser, type Browsing } from './chromium.ts'

const screens = [375, 600, 1024].flatMap((width) =>
  (['light', 'dark'] as const).map((scheme) => ({ width, scheme })),
)

/** Another accent and font for each tier: readable whatever the editors choose. */
const themes = {
  public: { accent: '#ffe600', font: 'sans' },
  subscriber: { accent: '#0a5fd6', font: 'sans' },
  member: { accent: '#8a1c1c', font: 'serif' },
} as const

let browser: Browsing
beforeAll(async () => {
  browser = await shareBrowser()
})
afterAll(() => browser.close())

async function show(html: string): Promise<Page> {
  const page = await browser.newPage()
  await page.route('**/*', (route) => route.abort())
  await page.setContent(html, { waitUntil: 'domcontentloaded' })
  return page
}

/** What axe finds serious or critical, and how far the page overflows sideways, on a screen. */
async function look(page: Page, { width, scheme }: (typeof screens)[number]) {
  await page.setViewportSize({ width, height: 800 })
  await page.emulateMedia({ colorScheme: scheme })
  const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
  return { overflow, serious: await serious(page) }
}

const editions = looks.flatMap((template) => tiers.map((tier) => ({ template, tier })))

describe.each(editions)('the $tier edition in the look $template.name', async ({ template, tier }) => {
  const theme = { ...publication.theme, ...themes[tier] }
  const { rendered } = await render(richIssue(tier), {
    publication: { ...publication, theme },
    baseUrl,
    template,
  })

  test.each(['html', 'web'] as const)('as %s with text at twice its size fits on a phone', async (kind) => {
    const page = await show(largeText(rendered?.[kind] ?? '', 2))
    await page.setViewportSize({ width: 375, height: 800 })
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(375)
    await page.close()
  })

  test.each(['html', 'web'] as const)('as %s is accessible and fits on every screen', async (kind) => {
    const page = await show(rendered?.[kind] ?? '')
    for (const screen of screens)
      expect({ ...screen, ...(await look(page, screen)) }).toEqual({ ...screen, overflow: 0, serious: [] })
    await page.close()
  })
})

test.each(looks)(
  'the site’s policy lets the page of $name keep its styles and its linked data, and finds nothing to refuse',
  async (template) => {
    const { rendered } = await render(richIssue('public'), { publication, baseUrl, template })
    const web = rendered?.web ?? ''
    const policy = `default-src 'none'; style-src ${styleHashes(web).map((hash) => `'${hash}'`)}; img-src 'self'`
    const page = await browser.newPage()
    const refused: string[] = []
    page.on('console', (message) => refused.push(message.text()))
    await page.route('**/*', (route) =>
      route.request().resourceType() === 'document'
        ? route.fulfill({
            body: web,
            contentType: 'text/html; charset=utf-8',
            headers: { 'Content-Security-Policy': policy },
          })
        : route.fulfill({ body: '', contentType: 'image/png' }),
    )
    await page.goto(`${baseUrl}/issues/2025-w46`)
    const data = await page.locator('script[type="application/ld+json"]').textContent()
    expect(JSON.parse(data ?? '')).toHaveProperty(['@graph', 0, 'name'], publication.name)
    expect(await page.evaluate('getComputedStyle(document.body).maxWidth')).not.toBe('none')
    expect(refused).toEqual([])
    await page.close()
  },
)

/** Where the left edge of each element and of its content lies, and where the right, of the page's width. */
const edges = `[...document.querySelectorAll('body *')]
  .filter((each) => each.getClientRects().length > 0 && !getComputedStyle(each).display.startsWith('inline') && !each.closest('.bar'))
  .map((each) => {
    const { left, right } = each.getBoundingClientRect()
    const { paddingLeft, paddingRight, borderLeftWidth, borderRightWidth, direction, textAlign } = getComputedStyle(each)
    const inner = { left: parseFloat(paddingLeft) + parseFloat(borderLeftWidth), right: parseFloat(paddingRight) + parseFloat(borderRightWidth) }
    const words = [...each.childNodes].some(({ nodeType, data }) => nodeType === 3 && data.trim() !== '')
    return { what: each.localName + '.' + each.className, left, right: innerWidth - right, inner, ...(words && !each.closest('.t') ? { direction, textAlign } : {}) }
  })`

const other: Readonly<Record<string, string>> = { left: 'right', right: 'left' }

interface Edges {
  readonly what: string
  readonly left: number
  readonly right: number
  readonly inner: { readonly left: number; readonly right: number }
  readonly direction?: string
  readonly textAlign?: string
}

test.each(looks)(
  'the mail in the look $name is its own mirror image in a language written from the right',
  async (template) => {
    const [ltr, rtl] = await Promise.all(
      ['en', 'ar'].map(async (lang) => {
        const { rendered } = await render({ ...richIssue(), lang }, { publication, baseUrl, template })
        // A column as wide as its words would differ by the names of months.
        return (rendered?.html ?? '').replace('</head>', '<style>.t { table-layout: fixed }</style></head>')
      }),
    )
    const pages = [await show(ltr ?? ''), await show(rtl ?? '')]
    for (const width of [1024, 375]) {
      const [there = [], mirrored = []] = await Promise.all(
        pages.map(async (page) => {
          await page.setViewportSize({ width, height: 800 })
          return page.evaluate<readonly Edges[]>(edges)
        }),
      )
      const turned = there.map(({ what, left, right, inner, direction, textAlign }) => ({
        what,
        left: right,
        right: left,
        inner: { left: inner.right, right: inner.left },
        ...(direction === undefined
          ? {}
          : { direction: 'rtl', textAlign: other[textAlign ?? ''] ?? textAlign }),
      }))
      expect(mirrored).toEqual(turned)
    }
    await Promise.all(pages.map((page) => page.close()))
  },
)

test.each(looks)(
  'the mail in the look $name is readable where its style sheet is dropped',
  async (template) => {
    const { rendered } = await render(richIssue(), { publication, baseUrl, template })
    const bare = (rendered?.html ?? '').replace(/<style[\s\S]*?<\/style>/g, '')
    const page = await show(bare)
    for (const width of [1024, 375])
      expect(await look(page, { width, scheme: 'light' })).toMatchObject({ serious: [] })
    const size = await page.evaluate<number>(
      "parseFloat(getComputedStyle(document.querySelector('td p strong')).fontSize)",
    )
    expect(size).toBeGreaterThanOrEqual(16)
    await page.close()
  },
)
