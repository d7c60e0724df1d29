import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fileName } from '../../../src/outbox/file-name.ts'
import { axe, noScriptRan, openBrowserBed, widths, type BrowserBed } from './bed.ts'

const hostile = `<img src=x onerror="ran('subject')"><script>ran('subject')</script>`

/** A letter of two parts, of which the HTML is as given. */
function letter(at: number, subject: string, html = `<p>Words of letter ${at}</p>`): string {
  return [
    'From: The Brief <brief@brief.example>',
    `To: reader${at}@mail.example`,
    `Subject: ${subject}`,
    'Date: Fri, 14 Nov 2025 07:30:00 +0100',
    `Message-ID: <${at}@brief.example>`,
    'MIME-Version: 1.0',
    'Content-Type: multipart/alternative; boundary="c"',
    '',
    '--c',
    'Content-Type: text/plain; charset=utf-8',
    '',
    `Text of letter ${at}: https://brief.example/issues/${at}.`,
    '--c',
    'Content-Type: text/html; charset=utf-8',
    '',
    html,
    '--c--',
    '',
  ].join('\r\n')
}

let bed: BrowserBed
let outbox: string
let arrived = 0
const arrive = async (subject: string, html?: string): Promise<void> => {
  const at = ++arrived
  await writeFile(join(outbox, fileName(at, `<${at}@brief.example>`)), letter(at, subject, html))
}

beforeAll(async () => {
  bed = await openBrowserBed()
  outbox = join(bed.dir, 'data/outbox')
  await mkdir(outbox, { recursive: true })
  await arrive('Hostile', `<p>Before</p>${hostile}<p>After</p>`)
  await arrive(hostile)
  for (let at = 3; at <= 60; at++) await arrive(`Letter ${at}`)
})
afterAll(() => bed.close())

test.each(widths)(
  'list and message can be read, and axe finds nothing serious, at %i px',
  async (width) => {
    const page = await bed.open('/outbox', { width })
    await page.getByRole('link', { name: 'Letter 60' }).click()
    await page.frameLocator('iframe').getByText('Words of letter 60').waitFor()
    await axe(page)
    for (const [tab, shows] of [
      ['Text', 'Text of letter 60'],
      ['Headers', 'Message-ID'],
      ['Source', 'boundary="c"'],
      ['Links and checks', 'As readers see it'],
    ] as const) {
      await page.getByRole('tab', { name: tab }).click()
      await page.getByRole('tabpanel').getByText(shows).first().waitFor()
      await axe(page)
    }
    await page.emulateMedia({ colorScheme: 'dark' })
    await axe(page)
    await page.close()
  },
  60_000,
)

test('by keyboard alone: arrows and j open what they reach, Enter leads into it, Escape back, and it is deleted', async () => {
  const page = await bed.open('/outbox')
  await page.clock.install()
  await page.getByText('60 messages').waitFor()
  await page.keyboard.press('j')
  await page.getByRole('heading', { name: 'Letter 60' }).waitFor()
  await page.keyboard.press('ArrowDown')
  await page.getByRole('heading', { name: 'Letter 59' }).waitFor()
  await page.keyboard.press('k')
  await page.getByRole('heading', { name: 'Letter 60' }).waitFor()
  expect(await page.locator('.mail.unread').count()).toBe(48)
  await page.keyboard.press('Enter')
  await expect.poll(() => page.evaluate('document.activeElement?.textContent')).toBe('Letter 60')
  await page.keyboard.press('Escape')
  const onRow = () => page.evaluate('document.activeElement?.hasAttribute("data-row")')
  expect(await onRow()).toBe(true)
  // Nothing that was left to be done for Enter takes the focus back.
  await page.clock.runFor(5_000)
  expect(await onRow()).toBe(true)
  await page.keyboard.press('Delete')
  await page.getByRole('heading', { name: 'Letter 59' }).waitFor()
  await page.getByText('59 messages').waitFor()
  expect(await onRow()).toBe(true)
  await page.keyboard.press('u')
  await expect.poll(() => page.locator('.mail:not(.unread)').count()).toBe(0)
  // What was read is remembered by this browser.
  await page.reload()
  await page.getByText('59 messages').waitFor()
  expect(await page.locator('.mail:not(.unread)').count()).toBe(1)
  await page.close()
}, 60_000)

test('what arrives comes by itself and moves neither the open message nor the row that is read', async () => {
  const page = await bed.open('/outbox')
  const row = page.getByRole('link', { name: 'Letter 50' })
  await row.click()
  const frame = page.frameLocator('iframe')
  await frame.getByText('Words of letter 50').waitFor()
  const before = await row.boundingBox()
  await arrive('Fresh mail')
  await page.getByRole('button', { name: '1 new, above' }).waitFor()
  const after = await row.boundingBox()
  expect(Math.abs((after?.y ?? 0) - (before?.y ?? 900))).toBeLessThan(1)
  expect(await page.getByRole('heading', { name: 'Letter 50' }).count()).toBe(1)
  await page.getByRole('button', { name: '1 new, above' }).click()
  await expect.poll(() => page.evaluate('document.activeElement?.textContent')).toContain('Fresh mail')
  await page.close()
}, 60_000)

test('words are found in lines and, where asked for, in texts; older ones are a key away', async () => {
  const page = await bed.open('/outbox')
  await page.locator('.mail').first().waitFor()
  expect(await page.locator('.mail').count()).toBe(50)
  await page.getByRole('button', { name: 'Show older ones' }).click()
  await page.getByRole('link', { name: 'reader3@mail.example' }).waitFor()
  await page.keyboard.press('/')
  await page.keyboard.type('text of letter 44')
  await page.getByText('No message matches').waitFor()
  await page.getByLabel('in the text too').check()
  await expect.poll(() => page.locator('.mail').count()).toBe(1)
  await page.getByRole('link', { name: 'Letter 44' }).waitFor()
  await page.close()
}, 60_000)

test('hostile mail is words and a picture: no script runs, nothing else is asked', async () => {
  const page = await bed.open('/')
  const watch = await noScriptRan(page)
  await page.goto(`${bed.url}/outbox`)
  await page.getByRole('button', { name: 'Show older ones' }).click()
  await page.locator('.mail-subject', { hasText: '<img src=x' }).click()
  await page.getByRole('heading', { name: '<script>' }).waitFor()
  await page.locator('.mail-subject', { hasText: 'Hostile' }).click()
  await page.frameLocator('iframe').getByText('After').waitFor()
  watch.check()
  await page.close()
}, 60_000)

test('all of it is deleted only after a question, and the empty mailbox says what comes here', async () => {
  const page = await bed.open('/outbox', { width: 800 })
  await page.getByRole('button', { name: 'Delete all …' }).click()
  const dialog = page.getByRole('dialog', { name: 'Delete all messages' })
  await dialog.getByRole('button', { name: 'Keep them' }).press('Enter')
  await page.getByText('60 messages').waitFor()
  await page.getByRole('button', { name: 'Delete all …' }).click()
  await dialog.getByRole('button', { name: 'Delete 60' }).press('Enter')
  await page.getByRole('heading', { name: 'No mail yet' }).waitFor()
  await axe(page)
  await page.close()
}, 60_000)
