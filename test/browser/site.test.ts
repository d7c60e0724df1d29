import { afterAll, beforeAll, expect, test } from 'vitest'
import { startServer, type StartedServer } from '../../src/cli/start-server.ts'
import { unsubscribeToken } from '../../src/subscribers/unsubscribe-token.ts'
import { openBed, type SiteBed } from '../site/bed.ts'
import { shareBrowser, type Browsing } from './chromium.ts'

let bed: SiteBed
let token: string
let publicId: string
let server: StartedServer
let browser: Browsing

beforeAll(async () => {
  bed = await openBed({ baseUrl: 'http://127.0.0.1' })
  publicId = (await bed.person('reader@brief.test')).publicId
  token = unsubscribeToken(bed.tokens, { publicId, newsletter: 'weekly' })
  server = await startServer(bed.site.fetch, { port: 0 })
  browser = await shareBrowser()
})
afterAll(async () => {
  await browser.close()
  await server.close()
})

const state = async () => (await bed.subscribers.find({ publicId }))?.subscriptions[0]?.state

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
