import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadConfig } from '../../src/config.ts'
import { tiers } from '../../src/core/tier.ts'
import { buildEditions } from '../../src/email/build.ts'
import { sampleRecipient } from '../../src/email/compile.ts'
import { computeStyles } from '../../src/email/compat/cascade.ts'
import { matchStyles } from '../../src/email/compat/match-styles.ts'
import { colourText, parseColour } from '../../src/email/compat/colour.ts'
import { contrasts } from '../../src/email/compat/contrast.ts'
import { forcedDark } from '../../src/email/compat/forced-dark.ts'
import { imagesOff } from '../../src/email/compat/images-off.ts'
import { placeOfElement, readMail } from '../../src/email/compat/mail-tree.ts'
import { namedColours } from '../../src/email/compat/named-colours.ts'
import { personalise } from '../../src/email/personalise.ts'
import { loadIssue } from '../../src/issue/load.ts'
import { loadTemplate } from '../../src/render/template.ts'
import { shareBrowser, type Browsing } from './chromium.ts'

const root = join(import.meta.dirname, '..', '..')

/** The mails of the sample, as its readers get them. */
const mails = await (async () => {
  const { publication } = loadConfig({ dir: root, environment: { SECRET_KEY: 'x'.repeat(40) } })
  const loaded = await loadIssue(root, '2025-w46', publication)
  const template = await loadTemplate(join(root, 'templates', 'weekly'))
  const { editions } = await buildEditions(loaded, {
    publication,
    baseUrl: 'https://brief.example.org',
    template,
  })
  return new Map(editions.map((each) => [each.tier, personalise(each, sampleRecipient(each)).html]))
})()

let browser: Browsing
beforeAll(async () => {
  browser = await shareBrowser()
})
afterAll(() => browser.close())

async function withPage<T>(
  html: string,
  scheme: 'light' | 'dark',
  width: number,
  look: (page: Page) => Promise<T>,
): Promise<T> {
  const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme: scheme })
  try {
    const page = await context.newPage()
    await page.route('**/*', (route) => route.abort())
    await page.setContent(html, { waitUntil: 'domcontentloaded' })
    return await look(page)
  } finally {
    await context.close()
  }
}

/** Of every element that has words of its own: its path and what Chromium computed, hidden or not. */
const computed = `(() => {
  const path = (element) => {
    const steps = []
    for (let at = element; at; at = at.parentElement) {
      const tag = at.localName
      steps.unshift(['html', 'head', 'body'].includes(tag) ? tag : tag + ':nth-child(' + ([...at.parentElement.children].indexOf(at) + 1) + ')')
    }
    return steps.join(' > ')
  }
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const { backgroundColor } = getComputedStyle(at)
      if (!/, 0\\)$/.test(backgroundColor)) return backgroundColor
    }
    return 'canvas'
  }
  return [...document.body.querySelectorAll('*')]
    .filter((each) => [...each.childNodes].some((node) => node.nodeType === 3 && /[\\p{L}\\p{N}]/u.test(node.data)))
    .map((each) => {
      const style = getComputedStyle(each)
      return [path(each), {
        colour: style.color,
        ground: ground(each),
        fontSize: Math.round(parseFloat(style.fontSize) * 100) / 100,
        bold: Number(style.fontWeight) >= 600,
        hidden: each.getClientRects().length === 0,
      }]
    })
})()`

interface Computed {
  readonly colour: string
  readonly ground: string
  readonly fontSize: number
  readonly bold: boolean
  readonly hidden: boolean
}

function hex(rgb: string): string {
  const numbers = (rgb.match(/\d+/g) ?? []).map(Number)
  return `#${numbers
    .slice(0, 3)
    .map((each) => each.toString(16).padStart(2, '0'))
    .join('')}`
}

describe.each(tiers)('the %s edition', (tier) => {
  const html = mails.get(tier) ?? ''

  test.each([
    ['light', 1024],
    ['light', 375],
    ['dark', 1024],
    ['dark', 375],
  ] as const)('has the styles that Chromium gives it, %s and %i pixels wide', async (scheme, width) => {
    const tree = readMail(html)
    const styles = computeStyles(matchStyles(tree), { scheme, width })
    const ours = Object.fromEntries(
      tree.elements
        .filter(({ children }) =>
          children.some((node) => node.kind === 'text' && /[\p{L}\p{N}]/u.test(node.text)),
        )
        .filter((element) => placeOfElement(element).path.startsWith('html > body > '))
        .map((element) => {
          const style = styles.get(element)
          if (style === undefined) throw new Error('no style')
          return [
            placeOfElement(element).path,
            {
              colour: colourText(style.colour),
              ground: colourText(style.ground),
              fontSize: Math.round(style.fontSize * 100) / 100,
              bold: style.bold,
              hidden: style.display === 'none',
            },
          ]
        }),
    )
    const theirs = Object.fromEntries(
      (await withPage(html, scheme, width, (page) => page.evaluate<[string, Computed][]>(computed))).map(
        ([path, style]) => [path, { ...style, colour: hex(style.colour), ground: hex(style.ground) }],
      ),
    )
    expect(Object.keys(theirs).length).toBeGreaterThan(200)
    const paths = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])]
    const different = paths.filter((path) => JSON.stringify(ours[path]) !== JSON.stringify(theirs[path]))
    expect(different.map((path) => [path, ours[path], theirs[path]]).slice(0, 3)).toEqual([])
  })

  test('has the contrast that was reckoned for forced dark when it is rewritten that way', async () => {
    const tree = readMail(html)
    const reckoned = contrasts(
      tree,
      computeStyles(matchStyles(tree), { scheme: 'light', width: 1024 }),
      'forced-dark',
    )
    const dark = forcedDark(html)
    const paths = reckoned.map(({ element }) => placeOfElement(element).path)
    const shown = await withPage(dark, 'dark', 1024, (page) => page.evaluate<[string, Computed][]>(computed))
    const by = new Map(shown)
    expect(paths.length).toBeGreaterThan(5)
    // A style of ours stands in the head; the body’s paths are the same.
    for (const [at, { colour, ground }] of reckoned.entries()) {
      const there = by.get(paths[at] ?? '')
      expect([paths[at], hex(there?.colour ?? ''), hex(there?.ground ?? '')]).toEqual([
        paths[at],
        colourText(colour),
        colourText(ground),
      ])
    }
  })
})

test('without images, each keeps its place and shows its alternative text', async () => {
  const html = mails.get('member') ?? ''
  const boxes = `[...document.images].map((each) => { const { width, height } = each.getBoundingClientRect(); return [each.alt, Math.round(width), Math.round(height)] })`
  const size = (text: string) =>
    withPage(text, 'light', 700, (page) => page.evaluate<[string, number, number][]>(boxes))
  const off = await size(imagesOff(html))
  expect(off.length).toBeGreaterThan(0)
  for (const [alt, width, height] of off) {
    const declared = new RegExp(`width="(\\d+)" height="(\\d+)" alt="${alt.slice(0, 20)}`).exec(html)
    expect([alt, width, height]).toEqual([alt, Number(declared?.[1]), Number(declared?.[2])])
  }
})

test('named colours are those of Chromium', async () => {
  const names = [...namedColours.keys()]
  const look = `${JSON.stringify(names)}.map((name) => {
    document.body.style.color = name
    return getComputedStyle(document.body).color
  })`
  const theirs = await withPage('<body>', 'light', 300, (page) => page.evaluate<string[]>(look))
  expect(
    names.map((name) => colourText(parseColour(name) ?? { red: 0, green: 0, blue: 0, alpha: 0 })),
  ).toEqual(theirs.map(hex))
})
