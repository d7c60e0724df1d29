import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { axe, openBrowserBed, widths, type BrowserBed } from './bed.ts'

let bed: BrowserBed
beforeAll(async () => {
  bed = await openBrowserBed({
    prepare: async (dir) => {
      for (let at = 0; at < 12; at++)
        await writeFile(join(dir, 'briefs', `harbour-${at}.md`), brief(`Harbour ${at} <b>quay</b>`, at))
    },
  })
}, 60_000)
afterAll(() => bed.close())

const brief = (title: string, at: number): string => `---
title: "${title}"
standfirst: What the harbour council decided on Monday, and what it left open.
date: 2025-0${1 + (at % 9)}-10
subject: "${title}"
preheader: What the council decided on Monday.
newsletter: weekly
status: ${at % 2 === 0 ? 'draft' : 'review'}
---

The council voted on Monday.
`

test.each(widths)(
  'the issues stand by state, and axe finds nothing serious, at %i px',
  async (width) => {
    const page = await bed.open('/', { width })
    await page.getByRole('heading', { level: 2, name: 'In review' }).waitFor()
    await page.getByRole('link', { name: 'Harbour 3 <b>quay</b>' }).waitFor()
    await page.getByText('2 briefs:').waitFor({ timeout: 30_000 })
    await axe(page)
    await page.getByLabel('Group by').selectOption('month')
    await page.getByRole('heading', { level: 2, name: 'September 2025' }).waitFor()
    // Of one day, in the order of their ids, in which 11 comes after 2.
    const march = page.locator('section', { has: page.getByRole('heading', { name: 'March 2025' }) })
    expect(await march.locator('.issue-line a').allInnerTexts()).toEqual([
      expect.stringContaining('Harbour 11'),
      expect.stringContaining('Harbour 2'),
    ])
    await page.getByLabel('Group by').selectOption('state')
    await page.emulateMedia({ colorScheme: 'dark' })
    await axe(page)
    await page.close()
  },
  60_000,
)

test('by keyboard alone: search, arrows, an issue, its tabs, the keys; focus goes to the new heading', async () => {
  const page = await bed.open('/')
  await page.locator('.issue-line a').first().waitFor()
  await page.keyboard.press('Tab')
  expect(await page.evaluate('document.activeElement?.textContent')).toContain('Skip')
  await page.keyboard.press('/')
  await page.keyboard.type('harbour-7')
  await page.getByText('1 of 13 issues').waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/issue\/harbour-7\/approve$/)
  await expect.poll(() => page.evaluate('document.activeElement?.tagName')).toBe('H1')
  await page.keyboard.press('g')
  await page.keyboard.press('c')
  await page.waitForURL(/\/check$/)
  await page.keyboard.press('?')
  await page.getByRole('dialog', { name: 'Keys' }).waitFor()
  await axe(page)
  await page.keyboard.press('Escape')
  await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
  await page.goBack()
  await page.waitForURL(/\/approve$/)
  await page.keyboard.press('g')
  await page.keyboard.press('i')
  await page.getByRole('heading', { level: 1, name: 'Issues' }).waitFor()
  await page.keyboard.press('j')
  await page.keyboard.press('End')
  await page.keyboard.press('k')
  await expect.poll(() => page.evaluate('document.activeElement?.closest(".issue-line") !== null')).toBe(true)
  await page.close()
}, 60_000)

test('an issue and a brief are made with a title, and the editor opens in them', async () => {
  const page = await bed.open('/')
  await page.getByRole('button', { name: 'New issue' }).press('Enter')
  await page.getByLabel('Title').press('T')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/issue\/[^/]+\/draft$/)
  const issue = /issue\/([^/]+)\/draft/.exec(page.url())?.[1] ?? ''
  await page.goto(bed.url)
  await page.locator(`a[href*="/issue/${issue}/"]`).waitFor()
  await page.getByRole('button', { name: 'New brief' }).press('Enter')
  const dialog = page.getByRole('dialog', { name: 'New brief' })
  await axe(page)
  await dialog.getByRole('button', { name: 'Make the brief' }).press('Enter')
  await dialog.getByText('It needs a title').waitFor()
  await dialog.getByLabel('In the issue').selectOption('2025-w46')
  await dialog.getByLabel('Title').fill('The dredger')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/issue\/2025-w46\/draft$/)
  await page.close()
}, 60_000)

test('what another program changes is followed: an issue that is renamed, settings that break and mend', async () => {
  const page = await bed.open('/')
  await page.getByRole('link', { name: 'Harbour 5 ' }).waitFor()
  await rename(join(bed.dir, 'briefs/harbour-5.md'), join(bed.dir, 'briefs/pier.md'))
  await page.locator('.issues-facts', { hasText: 'pier' }).waitFor()
  const settings = join(bed.dir, 'onrecord.yaml')
  const text = await readFile(settings, 'utf8')
  await writeFile(settings, text.replace(/^name:/m, 'nmae:'))
  const alert = page.getByRole('alert')
  await alert
    .getByText(/onrecord\.yaml:\d+:\d+/)
    .first()
    .waitFor()
  await axe(page)
  await writeFile(settings, text)
  await expect.poll(() => alert.count(), { timeout: 10_000 }).toBe(0)
  await page.close()
}, 60_000)

test('a page that is none says so, and an issue that is gone leads back', async () => {
  const page = await bed.open('/nowhere/at/all')
  await page.getByRole('heading', { level: 1, name: 'There is no such page' }).waitFor()
  await axe(page)
  await page.goto(`${bed.url}/issue/gone/draft`)
  await page.getByText('There is no issue gone in briefs/.').waitFor()
  await page.getByRole('link', { name: 'All issues' }).press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Issues' }).waitFor()
  await page.close()
})

test('an empty publication says what an issue is; a studio that ends is told over the page', async () => {
  const empty = await openBrowserBed({
    prepare: async (dir) => {
      await rm(join(dir, 'briefs'), { recursive: true })
      await mkdir(join(dir, 'briefs'))
    },
  })
  const page = await empty.open('/', { width: 800 })
  await page.getByRole('heading', { name: 'No issue yet' }).waitFor()
  await axe(page)
  await empty.studio.close()
  await page.route('**/api/events?*', (route) => route.abort())
  await page.getByText('The studio does not answer.').waitFor()
  await axe(page)
  await page.close()
  await empty.close()
}, 60_000)

test('text and picture stand side by side at 1440 px, and as tabs at 800', async () => {
  const id = '2025-w46'
  const wide = await bed.open(`/issue/${id}/draft`)
  await wide.locator('.panes.two iframe').waitFor()
  const narrow = await bed.open(`/issue/${id}/draft`, { width: 800 })
  await narrow.getByRole('link', { name: 'Preview' }).waitFor()
  expect(await narrow.locator('iframe').count()).toBe(0)
  await narrow.getByRole('link', { name: 'Preview' }).click()
  await narrow.frameLocator('iframe:not(.coming)').first().locator('body').waitFor()
  await wide.close()
  await narrow.close()
}, 60_000)

test('the page listens to clicks in the frame, in which nothing runs and which leads nowhere', async () => {
  const id = '2025-w46'
  const page = await bed.open(`/issue/${id}/preview`)
  const link = page.frameLocator('iframe:not(.coming)').first().locator('a[href^="http"]').first()
  await link.waitFor()
  const frame = page.frames().at(-1)?.url()
  const opened = page.context().waitForEvent('page')
  await link.click()
  const beside = await opened
  expect(page.frames().at(-1)?.url()).toBe(frame)
  expect(await beside.evaluate('window.opener')).toBe(null)
  await beside.close()
  await page.close()
}, 60_000)
