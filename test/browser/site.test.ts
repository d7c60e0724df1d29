import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startServer, type StartedServer } from '../../src/cli/start-server.ts'
import { unsubscribeToken } from '../../src/subscribers/unsubscribe-token.ts'
import { openBed, type SiteBed } from '../site/bed.ts'
import { openBrowser } from './chromium.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

let bed: SiteBed
let token: string
let publicId: string
let server: StartedServer
let browser: Browser

beforeAll(async () => {
  bed = await openBed({ baseUrl: 'http://127.0.0.1' })
  publicId = (await bed.person('reader@brief.test')).publicId
  token = unsubscribeToken(bed.tokens, { publicId, newsletter: 'weekly' })
  server = await startServer(bed.site.fetch, { port: 0 })
  browser = await openBrowser()
})
afterAll(async () => {
  await browser.close()
  await server.close()
})

const state = async () => (await bed.subscribers.find({ publicId }))?.subscriptions[0]?.state

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
  expect(await state()).toBe('confirmed')
  await page.getByRole('button', { name: 'Leave Weekly' }).click()
  await page.getByRole('heading', { name: 'You have left Weekly' }).waitFor()
  expect(await state()).toBe('left')
  expect(page.url()).toBe(`${server.url}/u/${token}`)
  await page.close()
})
