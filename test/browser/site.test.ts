import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startServer, type StartedServer } from '../../src/cli/start-server.ts'
import { publicationSchema } from '../../src/core/publication.ts'
import { createTokens } from '../../src/core/token.ts'
import { parseYaml } from '../../src/core/yaml.ts'
import { createSite } from '../../src/site/site.ts'
import { unsubscribeToken } from '../../src/subscribers/unsubscribe-token.ts'
import { openBrowser } from './chromium.ts'

const root = join(import.meta.dirname, '..', '..')
const publication = publicationSchema.parse(
  parseYaml(readFileSync(join(root, 'onrecord.yaml'), 'utf8'), 'onrecord.yaml').value,
)
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const tokens = createTokens('0123456789abcdef0123456789abcdef')
const token = unsubscribeToken(tokens, { publicId: 'abcdefghij2345672345', newsletter: 'weekly' })

let left = 0
let server: StartedServer
let browser: Browser

beforeAll(async () => {
  const site = createSite({
    publication,
    baseUrl: 'http://127.0.0.1',
    tokens,
    imagesDir: root,
    editions: {
      published: async () => null,
      listPublished: async () => [
        { issue: 'a', newsletter: 'weekly', subject: 'Talks end', date: '2025-11-14', publishedAt: 0 },
      ],
    },
    subscribers: {
      async unsubscribe() {
        left++
        return 'changed'
      },
    },
  })
  server = await startServer(site.fetch, { port: 0 })
  browser = await openBrowser()
})
afterAll(async () => {
  await browser.close()
  await server.close()
})

test('axe finds nothing serious on the site’s own pages, at 375 and 1024 px, light and dark', async () => {
  const found: string[] = []
  for (const path of ['/', `/u/${token}`, '/u/test', '/nowhere']) {
    const page = await browser.newPage()
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) found.push(message.text())
    })
    await page.goto(server.url + path)
    await page.evaluate(axe)
    for (const width of [375, 1024]) {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.setViewportSize({ width, height: 800 })
        await page.emulateMedia({ colorScheme })
        const violations = await page.evaluate<{ id: string; impact: string | null }[]>(
          'axe.run().then((result) => result.violations)',
        )
        for (const { id, impact } of violations)
          if (impact === 'serious' || impact === 'critical')
            found.push(`${path} at ${width}, ${colorScheme}: ${id}`)
      }
    }
    await page.close()
  }
  expect(found).toEqual([])
})

test('a reader leaves with the button, and not by opening the link', async () => {
  const page = await browser.newPage()
  await page.goto(`${server.url}/u/${token}`)
  await page.reload()
  expect(left).toBe(0)
  await page.getByRole('button', { name: 'Leave Weekly' }).click()
  await page.getByRole('heading', { name: 'You have left Weekly' }).waitFor()
  expect(left).toBe(1)
  expect(page.url()).toBe(`${server.url}/u/${token}`)
  await page.close()
})
