import { readFileSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startServer, type StartedServer } from '../../src/cli/start-server.ts'
import { unsubscribeToken } from '../../src/subscribers/unsubscribe-token.ts'
import { openBed, samplePublication, type SiteBed } from '../site/bed.ts'
import { nextToken } from '../site/visitor.ts'
import { serious } from './axe.ts'
import { openBrowser } from './chromium.ts'

const publication = {
  ...samplePublication,
  newsletters: {
    ...samplePublication.newsletters,
    daily: { name: 'Daily', description: 'What changed.', template: 'weekly' },
  },
}

let bed: SiteBed
let server: StartedServer
/** Over plain http, under a name that a browser does not trust: it sends no Sec-Fetch-Site, as old ones do. */
let site: string
let evil: StartedServer
let browser: Browser

beforeAll(async () => {
  server = await startServer((request, env) => bed.site.fetch(request, env as object), { port: 0 })
  site = `http://brief.test:${server.port}`
  evil = await startServer(
    (request) =>
      new Response(
        `<form method="post" action="${new URL(request.url).searchParams.get('to') ?? ''}"><button>Win</button></form>`,
        { headers: { 'Content-Type': 'text/html' } },
      ),
    { port: 0 },
  )
  browser = await openBrowser(['--host-resolver-rules=MAP *.test 127.0.0.1'])
})
afterAll(async () => {
  await browser.close()
  await evil.close()
  await server.close()
})

/** A fresh site, with a reader who is not logged in. */
async function begin(baseUrl = site): Promise<{ publicId: string; leave: string }> {
  bed = await openBed({ baseUrl, publication })
  const { publicId } = await bed.person('reader@brief.test')
  return { publicId, leave: `/u/${unsubscribeToken(bed.tokens, { publicId, newsletter: 'weekly' })}` }
}

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name }).waitFor()
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()

/** Asks for a link with the form, opens it twice and presses the button. */
async function logIn(page: Page, base: string): Promise<void> {
  await page.goto(`${base}/preferences`)
  await page.getByLabel('Your e-mail address').fill('reader@brief.test')
  await press(page, 'Send me a link')
  await heading(page, 'Look into your mail')
  const link = `${base}/log-in/${await nextToken(bed)}`
  await page.goto(link)
  await page.goto(link)
  await press(page, 'Log in')
  await heading(page, 'Your preferences')
}

test.each([true, false])(
  'a reader sets everything for themselves on a phone, with JavaScript: %s',
  async (javaScriptEnabled) => {
    const { publicId } = await begin()
    const context = await browser.newContext({ viewport: { width: 375, height: 700 }, javaScriptEnabled })
    const page = await context.newPage()
    await logIn(page, site)
    const account = async () => bed.deps.readers.account(publicId)
    const states = async () =>
      (await account())?.subscriber.subscriptions
        .map(({ newsletter, state }) => `${newsletter} ${state}`)
        .toSorted()

    await page.getByRole('checkbox', { name: 'Daily' }).check()
    await page.getByRole('checkbox', { name: 'Weekly' }).uncheck()
    await press(page, 'Save newsletters')
    await page.getByRole('status').getByText('Your newsletters are saved.').waitFor()
    expect(await states()).toEqual(['daily confirmed', 'weekly left'])

    await page.getByRole('radio', { name: 'Plain text' }).check()
    await press(page, 'Save format')
    await page.getByRole('status').getByText('The format is saved').waitFor()
    expect((await account())?.format).toBe('text')
    expect(await page.getByRole('radio', { name: 'Plain text' }).isChecked()).toBe(true)

    await page.getByLabel('For how long').selectOption('8 weeks')
    await press(page, 'Pause')
    await page.getByText('No mail comes until 2 March 2026.').waitFor()
    await press(page, 'Send mail again')
    await page.getByRole('status').getByText('Mail comes again.').waitFor()

    await page.getByLabel('New e-mail address').fill('new@brief.test')
    await press(page, 'Change address')
    await page.getByText('You asked to change it to new@brief.test.').waitFor()
    for (const title of ['Half done', 'Your address is changed']) {
      await page.goto(`${site}/change/${await nextToken(bed)}`)
      await press(page, 'Yes, change it')
      await heading(page, title)
    }
    await page.goto(`${site}/preferences`)
    await heading(page, 'Log in')
    const letter = await bed.deps.readers.nextLetter()
    expect(letter?.kind).toBe('changed')
    await bed.deps.readers.settleLetter(letter?.id ?? 0, 'sent')

    await page.getByLabel('Your e-mail address').fill('new@brief.test')
    await press(page, 'Send me a link')
    await heading(page, 'Look into your mail')
    await page.goto(`${site}/log-in/${await nextToken(bed)}`)
    await press(page, 'Log in')
    await heading(page, 'Your preferences')
    const downloading = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Download all that we keep of you' }).click()
    const file = await (await downloading).path()
    expect(readFileSync(file, 'utf8')).toContain('new@brief.test')

    await press(page, 'Erase me…')
    await heading(page, 'Erase all that is yours?')
    expect(await account()).not.toBeNull()
    await press(page, 'Erase me for good')
    await heading(page, 'You are erased')
    expect(await account()).toBeNull()
    expect(await context.cookies()).toEqual([])
    await context.close()
  },
)

test('a browser without Sec-Fetch-Site leaves, reloads and undoes by its Origin alone', async () => {
  const { publicId, leave } = await begin()
  const state = async () => (await bed.subscribers.find({ publicId }))?.subscriptions[0]?.state
  const context = await browser.newContext({ javaScriptEnabled: false })
  const page = await context.newPage()
  const sent: Record<string, string>[] = []
  page.on('request', (request) => {
    if (request.method() === 'POST') void request.allHeaders().then((headers) => sent.push(headers))
  })
  await page.goto(site + leave)
  await press(page, 'Leave Weekly')
  await heading(page, 'You have left Weekly')
  await page.reload()
  await heading(page, 'You have left Weekly')
  expect(await state()).toBe('left')
  await press(page, 'Undo')
  await heading(page, 'You get Weekly again')
  expect(await state()).toBe('confirmed')
  // Else this test is of something else.
  expect(sent.map((headers) => [headers['sec-fetch-site'], headers['origin']])).toEqual(
    Array.from({ length: 3 }, () => [undefined, site]),
  )
  await context.close()
})

test.each(['a browser that sends Sec-Fetch-Site', 'one that does not'])(
  'another site’s form does nothing in %s',
  async (which) => {
    const base = which === 'one that does not' ? site : server.url
    const { publicId } = await begin(base)
    const page = await browser.newPage()
    // Leaving by a mailed link is for whoever has it; erasing is for the session alone.
    await page.goto(`http://evil.test:${evil.port}/?to=${encodeURIComponent(`${base}/preferences/erase`)}`)
    await press(page, 'Win')
    await heading(page, 'Nothing was done')
    expect((await bed.subscribers.find({ publicId }))?.subscriptions[0]?.state).toBe('confirmed')
    await page.close()
  },
)

/** What axe finds serious or critical on the page as it is, in all four looks, and what sticks out sideways. */
async function faultsOf(page: Page, label: string): Promise<string[]> {
  const found: string[] = []
  for (const width of [375, 1024]) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize({ width, height: 800 })
      await page.emulateMedia({ colorScheme })
      const where = `${label} at ${width}, ${colorScheme}`
      found.push(...(await serious(page)).map((each) => `${where}: ${each}`))
      const over = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
      if (over > 0) found.push(`${where}: ${over} px too wide`)
    }
  }
  return found
}

test('axe finds nothing serious on any page of a subscriber, and none is too wide for a phone', async () => {
  const { publicId, leave } = await begin(server.url)
  const found: string[] = []
  const page = await browser.newPage()
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) found.push(message.text())
  })
  const look = async (title: string): Promise<void> => {
    await heading(page, title)
    found.push(...(await faultsOf(page, `“${title}” ${new URL(page.url()).pathname.slice(0, 12)}`)))
  }
  const open = async (path: string, title: string): Promise<void> => {
    await page.goto(server.url + path)
    await look(title)
  }
  await open('/log-in', 'Log in')
  await page.getByLabel('Your e-mail address').fill('reader@brief')
  await press(page, 'Send me a link')
  await look('Log in')
  await page.getByLabel('Your e-mail address').fill('reader@brief.test')
  await press(page, 'Send me a link')
  await look('Look into your mail')
  const token = await nextToken(bed)
  await open(`/log-in/${token}`, `Log in to ${publication.name}?`)
  await press(page, 'Log in')
  await look('Your preferences')
  await open('/log-in/cut-off', 'This link does not work')
  await open('/change/cut-off', 'This link does not work')
  await open('/u/cut-off', 'This link does not work')

  await bed.deps.readers.pause(publicId, bed.clock.time + 14 * 86_400_000)
  await page.goto(`${server.url}/preferences`)
  await page.getByLabel('New e-mail address').fill(`${'a'.repeat(60)}@${'b'.repeat(60)}.test`)
  await press(page, 'Change address')
  await look('Your preferences')
  await page.getByLabel('New e-mail address').fill('nobody@brief')
  await press(page, 'Change address')
  await look('Your preferences')
  await open(`/change/${await nextToken(bed)}`, 'Change your address?')
  await press(page, 'Yes, change it')
  await look('Half done')
  await open(leave, 'Leave Weekly?')
  await press(page, 'Leave Weekly')
  await look('You have left Weekly')
  await press(page, 'Undo')
  await look('You get Weekly again')
  await page.goto(`${server.url}/preferences`)
  await press(page, 'Log out here')
  await look('You are logged out')
  await page.getByRole('link', { name: 'Log in again' }).click()
  await page.getByLabel('Your e-mail address').fill('reader@brief.test')
  await press(page, 'Send me a link')
  await heading(page, 'Look into your mail')
  for (
    let letter = await bed.deps.readers.nextLetter();
    letter !== null;
    letter = await bed.deps.readers.nextLetter()
  ) {
    if (letter.kind === 'log-in') await page.goto(`${server.url}/log-in/${letter.token}`)
    await bed.deps.readers.settleLetter(letter.id, 'sent')
  }
  await press(page, 'Log in')
  await heading(page, 'Your preferences')
  await press(page, 'Erase me…')
  await look('Erase all that is yours?')
  await press(page, 'Erase me for good')
  await look('You are erased')
  await page.close()
  expect(found).toEqual([])
})
