import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openApp, type App } from '../../src/app.ts'
import { startServer, type StartedServer } from '../../src/cli/start-server.ts'
import { loadConfig } from '../../src/config.ts'
import { buildEditions } from '../../src/email/build.ts'
import type { Edition } from '../../src/email/edition.ts'
import { loadIssue } from '../../src/issue/load.ts'
import { openSite, type OpenSite } from '../../src/open-site.ts'
import { listMessages, readMessage, type KeptMessage } from '../../src/outbox/messages.ts'
import { loadTemplate } from '../../src/render/template.ts'
import { serious } from './axe.ts'
import { shareBrowser, type Browsing } from './chromium.ts'

const root = join(import.meta.dirname, '..', '..')
const dataDir = mkdtempSync(join(tmpdir(), 'onrecord-subscribe-'))

let app: App
let site: OpenSite
let server: StartedServer
let browser: Browsing

beforeAll(async () => {
  // The links in mail need the port before there is a site.
  server = await startServer((request, env) => site.fetch(request, env), { port: 0 })
  const environment = { BASE_URL: server.url, SECRET_KEY: '0123456789abcdef0123456789abcdef' }
  app = await openApp(loadConfig({ dir: root, dataDir, environment }))
  const { publication, baseUrl } = app.config
  const template = await loadTemplate(join(root, 'templates', 'weekly'))
  const issue = await loadIssue(root, '2025-w46', publication)
  const { editions } = await buildEditions(issue, { publication, baseUrl, template })
  const of = (tier: string): Edition => {
    const found = editions.find((each) => each.tier === tier)
    if (found === undefined) throw new Error(`there is no ${tier} edition`)
    return found
  }
  await app.editions.publish({
    public: of('public'),
    subscriber: of('subscriber'),
    member: of('member'),
  })
  site = await openSite(app, { log: () => undefined })
  browser = await shareBrowser()
})
afterAll(async () => {
  await browser.close()
  await server.close()
  await site.close()
  await app.close()
  rmSync(dataDir, { recursive: true })
})

/** The message to `address` with this subject, once the built-in outbox has it. */
async function mail(address: string, subject: string): Promise<KeptMessage> {
  const dir = join(dataDir, 'outbox')
  for (let waited = 0; waited < 15_000; waited += 50) {
    const { messages } = await listMessages(dir, { offset: 0, limit: 50 })
    const found = messages.find((each) => each.to === address && each.subject.startsWith(subject))
    const kept = found === undefined ? null : await readMessage(dir, found.name)
    if (kept !== null) return kept
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`no message “${subject}” came to ${address}`)
}

function linkIn({ text }: KeptMessage, kind: string): string {
  const found = new RegExp(`${server.url}/${kind}/\\S+`).exec(text ?? '')?.[0]
  if (found === undefined) throw new Error(`the message has no ${kind} link`)
  return found
}

/** What does not fit a phone, and what axe finds serious, in light and dark. */
async function faults(page: Page, where: string): Promise<string[]> {
  const found: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    const wide = await page.evaluate(
      'document.documentElement.scrollWidth > document.documentElement.clientWidth',
    )
    if (wide === true) found.push(`${where} is wider than the screen`)
    found.push(...(await serious(page)).map((each) => `${where}, ${colorScheme}: ${each}`))
  }
  return found
}

/** Links to sources outside that the page of the issue has. */
async function openLinks(page: Page): Promise<number> {
  await page.goto(`${server.url}/issues/2025-w46`)
  return page.locator('main a[href^="https://"]').count()
}

async function press(page: Page, button: string, heading: string): Promise<void> {
  await page.getByRole('button', { name: button, exact: true }).click()
  await page.getByRole('heading', { level: 1, name: heading }).waitFor()
}

async function story(
  context: BrowserContext,
  address: string,
  look: (where: string) => Promise<void>,
): Promise<void> {
  const [page = await context.newPage()] = context.pages()
  const locked = await openLinks(page)
  await page.getByLabel('Your e-mail address').fill(address)
  await press(page, 'Subscribe', 'Look in your mail')
  await look('the answer to a sign-up')

  const confirm = linkIn(await mail(address, 'Confirm: Weekly'), 'confirm')
  await page.goto(confirm)
  await page.reload()
  await look('the page that confirms')
  expect(await openLinks(page)).toBe(locked)
  await page.goto(confirm)
  await press(page, 'Yes, subscribe me to Weekly', 'You are subscribed to Weekly')
  await look('the page after it')

  const unlocked = await openLinks(page)
  expect(unlocked).toBeGreaterThan(locked)

  await page.getByRole('link', { name: 'Preferences' }).first().click()
  await page.getByLabel('Plain text').check()
  await press(page, 'Save format', 'Your preferences')
  await page.getByRole('status').waitFor()
  expect(await page.getByLabel('Plain text').isChecked()).toBe(true)
  await look('the preferences')

  const welcome = await mail(address, 'Welcome to Weekly')
  // In another browser, where nobody is logged in.
  const elsewhere = await browser.newPage()
  await elsewhere.goto(linkIn(welcome, 'v'))
  expect(await elsewhere.locator('main a[href^="https://"]').count()).toBe(unlocked)
  await elsewhere.close()

  await page.goto(linkIn(welcome, 'u'))
  await page.reload()
  await look('the page that leaves')
  await press(page, 'Leave Weekly', 'You have left Weekly')
  await look('the page after it')
  expect(await openLinks(page)).toBe(locked)
  // The link again, as from the mail: it has happened, and can be undone.
  await page.goto(linkIn(welcome, 'u'))
  await press(page, 'Undo', 'You get Weekly again')
  expect(await openLinks(page)).toBe(unlocked)
}

test.each([true, false])(
  'a reader subscribes, confirms, reads with all links, chooses, leaves and comes back on a phone; JavaScript: %s',
  async (javaScriptEnabled) => {
    const context = await browser.newContext({ viewport: { width: 375, height: 800 }, javaScriptEnabled })
    const page = await context.newPage()
    const found: string[] = []
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) found.push(message.text())
    })
    const look = async (where: string): Promise<void> => {
      if (javaScriptEnabled) found.push(...(await faults(page, where)))
    }
    await story(context, `reader-${javaScriptEnabled}@reader.test`, look)
    expect(found).toEqual([])
    await context.close()
  },
)

test('letters fit a phone, and axe finds nothing serious in them, light and dark', async () => {
  const context = await browser.newContext({ viewport: { width: 375, height: 800 } })
  const page = await context.newPage()
  const address = 'letters@reader.test'
  await page.goto(server.url)
  await page.getByLabel('Your e-mail address').fill(address)
  await press(page, 'Subscribe', 'Look in your mail')
  const confirm = await mail(address, 'Confirm: Weekly')
  await page.goto(linkIn(confirm, 'confirm'))
  await press(page, 'Yes, subscribe me to Weekly', 'You are subscribed to Weekly')
  const found: string[] = []
  for (const letter of [confirm, await mail(address, 'Welcome to Weekly')]) {
    expect(letter.text?.split('\n').filter((line) => line.length > 72 && !line.includes('://'))).toEqual([])
    const shown = await context.newPage()
    await shown.setContent(letter.html ?? '')
    found.push(...(await faults(shown, letter.subject)))
  }
  expect(found).toEqual([])
  await context.close()
})
