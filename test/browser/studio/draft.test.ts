import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { axe, openBrowserBed, widths, type BrowserBed } from './bed.ts'

const id = '2025-w46'
const talks = `briefs/${id}/istanbul-talks.md`

let bed: BrowserBed
beforeAll(async () => {
  bed = await openBrowserBed()
})
afterAll(() => bed.close())

const onDisk = (): Promise<string> => readFile(join(bed.dir, talks), 'utf8')

/** The editor with the first brief in it, and the cursor at its end. */
async function openTalks(width = 1440): Promise<Page> {
  const page = await bed.open(`/issue/${id}/draft`, { width })
  const text = page.getByRole('textbox', { name: 'Text of Istanbul talks end without agreement' })
  await text.waitFor()
  await text.focus()
  await page.keyboard.press('Control+End')
  return page
}

test.each(widths)('what is typed is saved, said, and in the picture, at %i px', async (width) => {
  const page = await openTalks(width)
  await page.getByText('Saved', { exact: true }).waitFor()
  await page.keyboard.type(`\nTyped at ${width} pixels.\n`)
  await expect.poll(onDisk).toContain(`Typed at ${width} pixels.`)
  await page.getByText('Saved', { exact: true }).waitFor()
  if (width === 1440)
    await page.frameLocator('iframe').getByText(`Typed at ${width} pixels.`).first().waitFor()
  await axe(page)
  await page.emulateMedia({ colorScheme: 'dark' })
  await axe(page)
  await page.close()
})
