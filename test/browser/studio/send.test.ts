import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { afterEach, expect, test } from 'vitest'
import { until } from '../../cli/operation.ts'
import { addPeople } from '../../delivery/people.ts'
import { startSink, type Sink } from '../../delivery/sink.ts'
import type { BedOptions } from '../../studio/bed.ts'
import { axe, openBrowserBed, widths, type BrowserBed } from './bed.ts'

const path = '/issue/2025-w46/send'

let bed: BrowserBed
let sink: Sink
/** What each message takes the server, in milliseconds. */
let slow: number

async function open(count: number, prepare?: BedOptions['prepare']): Promise<void> {
  slow = 0
  sink = await startSink({
    async onMessage() {
      if (slow > 0) await sleep(slow)
      return null
    },
    onRecipient: (address) =>
      address.endsWith('@full.test') ? { code: 552, text: '5.2.2 the mailbox is full' } : null,
  })
  const environment = {
    SMTP_URL: `smtp://127.0.0.1:${sink.port}`,
    SMTP_CONNECTIONS: '2',
    SECRET_KEY: 'k'.repeat(32),
  }
  bed = await openBrowserBed({ environment, ...(prepare === undefined ? {} : { prepare }) })
  await addPeople(bed.app.subscribers, count, 'reader', ['reader.test', 'post.test', 'full.test'])
}

afterEach(async () => {
  await bed.close()
  await sink.close()
})

/** The issue is of a newsletter that goes out each morning, and of a day to come. */
async function eachMorning(dir: string): Promise<void> {
  const day = new Date(Date.now() + 30 * 24 * 3_600_000).toISOString().slice(0, 10)
  const change = async (file: string, from: RegExp, to: string): Promise<void> =>
    writeFile(join(dir, file), (await readFile(join(dir, file), 'utf8')).replace(from, to))
  await change('onrecord.yaml', /name: Weekly$/m, 'name: Weekly\n    cadence: {every: day, at: "07:30"}')
  await change('briefs/2025-w46/issue.md', /^date: .*$/m, `date: ${day}`)
}

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true })
const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { name })

/** Tab until something has the focus, as somebody does who sees where it is. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let press = 0; press < 60; press++) {
    await page.keyboard.press('Tab')
    const here = await page.evaluate<string>(
      '(document.activeElement.labels?.[0] ?? document.activeElement).textContent',
    )
    if (name.test(here)) return
  }
  throw new Error(`Tab never came to ${String(name)}`)
}

test.each(widths)(
  'by keyboard alone at %i px: tested, the wrong number refused, sent, paused, gone on with, and shown by domain',
  { timeout: 90_000 },
  async (width) => {
    await open(90)
    const page = await bed.open(path, { width })
    page.setDefaultTimeout(30_000)
    await heading(page, 'This reaches 90 people').waitFor()
    await axe(page)
    expect(await page.locator('.send-audience label').allInnerTexts()).toEqual([
      expect.stringMatching(/Everybody\s+90/),
      expect.stringMatching(/Reader.*\s+60/),
      expect.stringMatching(/Member.*\s+30/),
    ])

    await tabTo(page, /^Address/)
    await page.keyboard.type('me@else.test')
    await page.keyboard.press('Enter')
    await page.getByText(/^A test went to me@else\.test through smtp:/).waitFor()
    expect(sink.recipients).toEqual(['me@else.test'])

    await button(page, /^Send to 90 people/).focus()
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Send to 90 people?' })
    await dialog.waitFor()
    await axe(page)
    expect(await dialog.innerText()).toContain(`smtp://127.0.0.1:${sink.port}`)
    expect(await dialog.innerText()).toContain('Talks end in Istanbul without a text')
    // The field has the focus; Enter in it sends nothing, with the right number neither.
    await page.keyboard.type('90')
    await page.keyboard.press('Enter')
    await dialog.getByText('The number is right, and nothing was sent yet: press “Send”.').first().waitFor()
    await page.keyboard.press('Backspace')
    await tabTo(page, /^Send$/)
    await page.keyboard.press('Enter')
    await dialog.getByText('9 is not the number of people, 90: nothing was sent.').first().waitFor()
    expect(sink.recipients).toEqual(['me@else.test'])
    await dialog.getByRole('textbox').fill('90')
    slow = 40
    await tabTo(page, /^Send$/)
    await page.keyboard.press('Enter')

    await heading(page, 'Being sent').waitFor()
    await page.getByText(/a second/).waitFor()
    await axe(page)
    await tabTo(page, /^Pause$/)
    await page.keyboard.press('Enter')
    await heading(page, 'Paused').waitFor()
    await page.reload()
    await heading(page, 'Paused').waitFor()
    await axe(page)
    const second = await bed.open(path, { width })
    second.setDefaultTimeout(30_000)
    await heading(second, 'Paused').waitFor()
    slow = 5
    await tabTo(page, /^Go on$/)
    await page.keyboard.press('Enter')
    await heading(page, 'Sent: 60 of 90 people have it').waitFor()
    // The second tab saw all of it.
    await heading(second, 'Sent: 60 of 90 people have it').waitFor()
    await page.getByText('full.test refused 30 messages: the mailbox is full.').waitFor()
    await page.getByText(/^Everybody who is subscribed has it/).waitFor()
    await axe(page)
    const domains = page.getByRole('region', { name: 'By domain' }).locator('tbody tr')
    expect(await domains.allInnerTexts()).toEqual([
      expect.stringMatching(/^full\.test\s+30\s+0\s+0\s+0\s+30\s+0/),
      expect.stringMatching(/^post\.test\s+30\s+30/),
      expect.stringMatching(/^reader\.test/),
    ])
    await button(page, /^Refused/).focus()
    await page.keyboard.press('Enter')
    await page.keyboard.press('Enter')
    expect(await domains.last().innerText()).toMatch(/^full\.test/)
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Save the table as CSV' }).click(),
    ])
    expect(download.suggestedFilename()).toBe('2025-w46-domains.csv')
    expect([...sink.copies.values()].filter((count) => count > 1)).toEqual([])
    expect(new Set(sink.recipients).size).toBe(61)
  },
)

test(
  'a time is said back in full; taken back, moved, started by itself, cancelled in mid-send and told',
  { timeout: 90_000 },
  async () => {
    await open(60, eachMorning)
    const page = await bed.open(path, { width: 800 })
    page.setDefaultTimeout(30_000)
    await heading(page, 'This reaches 60 people').waitFor()
    await page.getByRole('radio', { name: /Member/ }).check()
    await page.getByText(/^The other 40 people do not get it now/).waitFor()
    await page.getByRole('radio', { name: /^When it is due, .*, 07:30$/ }).check()
    await page.getByText(/^It starts on .*, 07:30 \(Europe\/Malta, UTC\+\d\), in /).waitFor()
    await button(page, /^Schedule for 20 people/).waitFor()
    await page.getByRole('radio', { name: 'At a time' }).check()
    const time = page.getByLabel('Day and time')
    await time.fill('2027-03-28T02:30')
    await page.getByText(/^There is no 02:30 on Sun 28 Mar 2027/).waitFor()
    expect(await button(page, /^Schedule for/).count()).toBe(0)
    await time.fill('2027-10-31T02:30')
    await button(page, 'the second, 02:30 UTC+01:00').click()
    await page.getByText('Sun 31 Oct 2027, 02:30 (Europe/Malta, UTC+1)').waitFor()
    await button(page, /^Schedule for 20 people/).click()
    await page.getByLabel(/^Type 20/).fill('20')
    await button(page, 'Schedule').click()
    await heading(page, /^Scheduled for Sun 31 Oct 2027, 02:30/).waitFor()
    await axe(page)
    await button(page, 'Move it …').click()
    await page.getByLabel('Day and time').fill('2027-10-30T07:30')
    await button(page, 'Move it to this time …').click()
    await page.getByLabel(/^Type 20/).fill('20')
    await button(page, 'Move it').click()
    await heading(page, /^Scheduled for Sat 30 Oct 2027, 07:30/).waitFor()
    await button(page, 'Take it back').click()
    await heading(page, 'This reaches 60 people').waitFor()
    expect(sink.recipients).toEqual([])

    slow = 100
    // The field knows minutes; whoever schedules in two seconds is another tab.
    await bed.send('POST', '/api/issues/2025-w46/send', {
      ...{ typed: 60, to: 'everybody', through: 'smtp', at: new Date(Date.now() + 2_000).toISOString() },
    })
    await heading(page, /^Scheduled for|^Starting/).waitFor()
    await heading(page, 'Being sent').waitFor()
    await until('some have it', () => sink.recipients.length > 3)
    await button(page, 'Cancel the send …').click()
    await axe(page)
    await button(page, 'Keep sending it').click()
    await button(page, 'Cancel the send …').click()
    await button(page, 'Cancel the send for good').click()
    await heading(page, /^Cancelled: \d+ of 60 people have it/).waitFor()
    await heading(page, /^This reaches \d+ people/).waitFor()
    await page.getByText(/^It was cancelled in mid-send/).waitFor()
    // Focus was on what is gone: it is on the heading of what there is.
    expect(await page.evaluate<string>('document.activeElement.textContent')).toMatch(/^Cancelled:/)
    expect(await page.locator('.send > [role=status]').innerText()).toMatch(
      /^Cancelled: \d+ had been accepted/,
    )
    expect([...sink.copies.values()].filter((count) => count > 1)).toEqual([])
  },
)
