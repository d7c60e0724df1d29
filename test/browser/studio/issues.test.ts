import { afterAll, beforeAll, expect, test } from 'vitest'
import { axe, openBrowserBed, widths, type BrowserBed } from './bed.ts'

let bed: BrowserBed
beforeAll(async () => {
  bed = await openBrowserBed()
})
afterAll(() => bed.close())

test.each(widths)('the issues stand by state, and axe finds nothing serious, at %i px', async (width) => {
  const page = await bed.open('/', { width })
  await page.getByRole('heading', { level: 1, name: 'Issues' }).waitFor()
  await page.getByRole('link', { name: /./ }).and(page.locator('.issue-line a')).first().waitFor()
  await axe(page)
  await page.emulateMedia({ colorScheme: 'dark' })
  await axe(page)
  await page.close()
})

test('by keyboard alone: skip link, an issue, its tabs, the keys; focus goes to the new heading', async () => {
  const page = await bed.open('/')
  await page.locator('.issue-line a').first().waitFor()
  await page.keyboard.press('Tab')
  expect(await page.evaluate('document.activeElement?.textContent')).toContain('Skip')
  await page.locator('.issue-line a').first().focus()
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/issue\/[^/]+\/draft$/)
  await expect.poll(() => page.evaluate('document.activeElement?.tagName')).toBe('H1')
  await page.keyboard.press('g')
  await page.keyboard.press('c')
  await page.waitForURL(/\/check$/)
  await page.keyboard.press('?')
  await page.getByRole('dialog', { name: 'Keys' }).waitFor()
  await page.keyboard.press('Escape')
  await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
  await page.goBack()
  await page.waitForURL(/\/draft$/)
  await page.close()
})

test('text and picture stand side by side at 1440 px, and as tabs at 800', async () => {
  const id = '2025-w46'
  const wide = await bed.open(`/issue/${id}/draft`)
  await wide.locator('.panes.two iframe').waitFor()
  const narrow = await bed.open(`/issue/${id}/draft`, { width: 800 })
  await narrow.getByRole('link', { name: 'Preview' }).waitFor()
  expect(await narrow.locator('iframe').count()).toBe(0)
  await narrow.getByRole('link', { name: 'Preview' }).click()
  await narrow.frameLocator('iframe').locator('body').waitFor()
  await wide.close()
  await narrow.close()
})

test('the page listens to clicks in the frame, in which nothing runs and which leads nowhere', async () => {
  const id = '2025-w46'
  const page = await bed.open(`/issue/${id}/preview`)
  const link = page.frameLocator('iframe').locator('a[href^="http"]').first()
  await link.waitFor()
  const frame = page.frames().at(-1)?.url()
  const opened = page.context().waitForEvent('page')
  await link.click()
  const beside = await opened
  expect(page.frames().at(-1)?.url()).toBe(frame)
  expect(await beside.evaluate('window.opener')).toBe(null)
  await beside.close()
  await page.close()
})
