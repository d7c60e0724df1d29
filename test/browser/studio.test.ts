import { readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startServer, type StartedServer } from '../../src/cli/start-server.ts'
import { fileName } from '../../src/outbox/file-name.ts'
import { createStudio, type Studio } from '../../src/studio/studio.ts'
import { brief, testPublication, type TestPublication } from '../studio/publication.ts'
import { openBrowser } from './chromium.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface Violation {
  readonly id: string
  readonly impact: string | null
  readonly nodes: readonly { readonly html: string }[]
}

const long = Array.from({ length: 60 }, (_, number) => `Paragraph ${number} of the minutes.`).join('\n\n')
const hostile = `<!doctype html><html><body><h1 id="title">Mail</h1>
<script>document.title='ran';document.getElementById('title').textContent='ran'</script>
<img src="x:" onerror="document.getElementById('title').textContent='ran'">
<a id="js" href="javascript:document.getElementById('title').textContent='ran'">x</a>
<form action="/"><button id="send">send</button></form>
<a id="out" href="https://x.example/">out</a></body></html>`

let publication: TestPublication
let studio: Studio
let server: StartedServer
let browser: Browser

beforeAll(async () => {
  publication = await testPublication()
  const { dir } = publication
  await publication.write('briefs/harbour.md', brief('The quay stays open', `First words.\n\n${long}`))
  await mkdir(join(dir, 'data/outbox'), { recursive: true })
  for (let number = 1; number <= 3; number++) {
    await writeFile(
      join(dir, 'data/outbox', fileName(number, `<m${number}@x>`)),
      `From: desk@brief.example.org\r\nTo: reader${number}@example.net\r\nSubject: Number ${number}\r\nContent-Type: text/html\r\n\r\n${hostile}`,
    )
  }
  studio = await createStudio({
    root: dir,
    baseUrl: 'https://brief.example.org',
    outboxDir: join(dir, 'data/outbox'),
    imagesDir: join(dir, 'data/images'),
  })
  server = await startServer(studio.app.fetch, { port: 0 })
  browser = await openBrowser()
})
afterAll(async () => {
  await browser.close()
  await server.close()
  await studio.close()
  await publication.remove()
})

async function opened(path: string): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, colorScheme: 'light' })
  await page.goto(server.url + path)
  return page
}

const frameOf = (page: Page) => page.frameLocator('.stage iframe:not(.coming)')

test('axe finds nothing serious and nothing scrolls sideways, at 375 and 1024 px, light and dark', async () => {
  const found: string[] = []
  for (const path of [
    '/',
    '/issue/harbour',
    '/issue/harbour?part=text',
    '/issue/harbour?part=headers',
    '/issue/harbour?part=sources',
    '/outbox',
    `/outbox/${encodeURIComponent(fileName(1, '<m1@x>'))}`,
  ]) {
    const page = await opened(path)
    await page.evaluate(axe)
    for (const width of [375, 1024]) {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.setViewportSize({ width, height: 900 })
        await page.emulateMedia({ colorScheme })
        const where = `${path} at ${width}, ${colorScheme}`
        // The studio's pages alone: what stands in the frame is the mail's own, tested where it is made.
        const violations = await page.evaluate<Violation[]>(
          'axe.run({ iframes: false }).then((result) => result.violations)',
        )
        for (const { id, impact, nodes } of violations) {
          if (impact === 'serious' || impact === 'critical')
            found.push(`${where}: ${id} ${nodes[0]?.html ?? ''}`)
        }
        const [content, window] = await page.evaluate<[number, number]>(
          '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
        )
        if (content > window) found.push(`${where}: scrolls sideways`)
      }
    }
    await page.close()
  }
  expect(found).toEqual([])
})

test('saving a brief brings the page up to date and keeps the reader’s place', async () => {
  const page = await opened('/issue/harbour')
  await frameOf(page).getByText('First words.').waitFor()
  const frame = (): ReturnType<Page['frames']>[number] | undefined => page.frames().at(-1)
  await frame()?.evaluate('scrollTo(0, 900)')
  await publication.write('briefs/harbour.md', brief('The quay stays shut', `Other words.\n\n${long}`))
  await frameOf(page).getByText('Other words.').waitFor()
  expect(await frame()?.evaluate('scrollY')).toBe(900)
  expect(await page.locator('h1').textContent()).toBe('The quay stays shut')
  expect(await page.locator('iframe').count()).toBe(1)
  await page.close()
})

test('a broken edit keeps the last good version on screen and says what is wrong; mending clears it', async () => {
  const page = await opened('/issue/harbour?tier=public')
  await frameOf(page).getByText('Paragraph 3 of').waitFor()
  await publication.write('briefs/harbour.md', brief('The quay', `:::members{teaser="x"}\nSecret\n\n${long}`))
  await page.getByText('Stale: the newest version has errors.').waitFor()
  await page
    .getByText(/briefs\/harbour\.md:\d+:\d+/)
    .first()
    .waitFor()
  expect(await frameOf(page).getByText('Paragraph 3 of').count()).toBe(1)
  await publication.write('briefs/harbour.md', brief('The quay', `Mended words.\n\n${long}`))
  await frameOf(page).getByText('Mended words.').waitFor()
  await page.getByText('Stale').waitFor({ state: 'detached' })
  await page.close()
})

test('the toolbar changes reader, width and colours in place, and the address with them', async () => {
  const page = await opened('/issue/harbour')
  const background = async (): Promise<unknown> =>
    page.frames().at(-1)?.evaluate('getComputedStyle(document.body).backgroundColor')
  const light = await background()
  await page.getByRole('link', { name: 'Dark' }).click()
  await page.waitForURL(/scheme=dark/)
  await expect.poll(background).not.toBe(light)
  await page.getByRole('link', { name: 'Phone' }).click()
  await page.waitForURL(/width=phone/)
  await expect.poll(async () => (await page.locator('iframe').boundingBox())?.width).toBe(377)
  await page.getByRole('link', { name: 'Member' }).click()
  await page.waitForURL(/tier=member/)
  await page.locator('iframe[src*="/member/"]:not(.coming)').waitFor()
  await page.getByRole('link', { name: 'Headers' }).click()
  await page.getByText('List-Unsubscribe-Post').waitFor()
  await page.goBack()
  await page.locator('iframe').waitFor()
  await page.close()
})

test('no script runs in the frame, whatever the message holds', async () => {
  const page = await opened(`/outbox/${encodeURIComponent(fileName(1, '<m1@x>'))}`)
  const dialogs: string[] = []
  page.on('dialog', (dialog) => dialogs.push(dialog.message()))
  const requests: string[] = []
  page.on('request', (request) => requests.push(request.url()))
  const frame = frameOf(page)
  expect(await frame.locator('#title').textContent()).toBe('Mail')
  await frame.locator('#js').click()
  await frame.locator('#send').click()
  await page.waitForTimeout(300)
  expect(await frame.locator('#title').textContent()).toBe('Mail')
  expect(await page.title()).not.toBe('ran')
  expect(dialogs).toEqual([])
  expect(requests).toEqual([])
  await page.close()
})

test('new mail appears in the open mailbox', async () => {
  const page = await opened('/outbox')
  await page.getByText('3 messages').waitFor()
  await writeFile(
    join(publication.dir, 'data/outbox', fileName(4, '<m4@x>')),
    'To: late@example.net\r\nSubject: Just in\r\n\r\nx',
  )
  await page.getByText('Just in').waitFor()
  await page.getByText('4 messages').waitFor()
  await page.close()
})
