import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tiers } from '../../src/core/tier.ts'
import { render } from '../../src/render/render.ts'
import { styleHashes } from '../../src/render/style-hashes.ts'
import { baseUrl, publication, richIssue } from '../render/fixture.ts'
import { looks } from '../render/looks.ts'
import { openBrowser } from './chromium.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const screens = [375, 600, 1024].flatMap((width) =>
  (['light', 'dark'] as const).map((scheme) => ({ width, scheme })),
)

/** Another accent and font for each tier: readable whatever the editors choose. */
const themes = {
  public: { accent: '#ffe600', font: 'sans' },
  subscriber: { accent: '#0a5fd6', font: 'sans' },
  member: { accent: '#8a1c1c', font: 'serif' },
} as const

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

interface Violation {
  readonly id: string
  readonly impact: string | null
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[]
}

/** What axe finds serious or critical, and how far the page overflows sideways. */
async function look(html: string, width: number, scheme: 'light' | 'dark') {
  const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme: scheme })
  try {
    const page = await context.newPage()
    await page.route('**/*', (route) => route.abort())
    await page.setContent(html, { waitUntil: 'domcontentloaded' })
    const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
    await page.evaluate(axe)
    const { violations } = await page.evaluate<{ violations: Violation[] }>('axe.run()')
    const serious = violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`)
    return { overflow, serious }
  } finally {
    await context.close()
  }
}

const editions = looks.flatMap((template) => tiers.map((tier) => ({ template, tier })))

describe.each(editions)('the $tier edition in the look $template.name', async ({ template, tier }) => {
  const theme = { ...publication.theme, ...themes[tier] }
  const { rendered } = await render(richIssue(tier), {
    publication: { ...publication, theme },
    baseUrl,
    template,
  })

  test.each(screens)('is accessible and fits at $width px, $scheme', async ({ width, scheme }) => {
    for (const html of [rendered?.html, rendered?.web]) {
      expect(await look(html ?? '', width, scheme)).toEqual({ overflow: 0, serious: [] })
    }
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

test.each(looks)(
  'the mail in the look $name is readable where its style sheet is dropped',
  async (template) => {
    const { rendered } = await render(richIssue(), { publication, baseUrl, template })
    const bare = (rendered?.html ?? '').replace(/<style[\s\S]*?<\/style>/g, '')
    for (const width of [375, 1024]) {
      const { serious } = await look(bare, width, 'light')
      expect(serious).toEqual([])
    }
    const page = await browser.newPage({ viewport: { width: 375, height: 800 } })
    await page.route('**/*', (route) => route.abort())
    await page.setContent(bare, { waitUntil: 'domcontentloaded' })
    const size = await page.evaluate<number>(
      "parseFloat(getComputedStyle(document.querySelector('td p strong')).fontSize)",
    )
    expect(size).toBeGreaterThanOrEqual(16)
    await page.close()
  },
)
