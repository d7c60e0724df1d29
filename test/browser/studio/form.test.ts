import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { axe, openBrowserBed, widths, type BrowserBed } from './bed.ts'

const id = '2025-w46'
const talks = `briefs/${id}/istanbul-talks.md`

let bed: BrowserBed
let whole: string
beforeAll(async () => {
  bed = await openBrowserBed()
  whole = await onDisk()
})
beforeEach(() => writeFile(join(bed.dir, talks), whole))
afterAll(() => bed.close())

/** Another engineer’s browser may be at work on this machine. */
const soon = <T>(look: () => T) => expect.poll(look)

const onDisk = (): Promise<string> => readFile(join(bed.dir, talks), 'utf8')
const line = async (start: string): Promise<string | undefined> =>
  (await onDisk()).split('\n').find((each) => each.startsWith(start))
const content = (page: Page) => page.locator('.draft-editor .cm-content')

/** The first brief with its form beside it. */
async function openForm(width = 800): Promise<Page> {
  const page = await bed.open(`/issue/${id}/draft`, { width })
  await content(page).waitFor()
  await page.getByRole('button', { name: 'Details' }).click()
  await page.getByRole('form', { name: 'Details' }).waitFor()
  return page
}

test.each(widths)(
  'the form writes the YAML, byte for byte but its field, and axe finds nothing, at %i px',
  async (width) => {
    const page = await openForm(width)
    const before = await onDisk()
    const title = page.getByRole('textbox', { name: 'Title' })
    const old = await title.inputValue()
    await title.fill(`Talks: “${width}” # end`)
    await soon(() => line('title:')).toBe(`title: "Talks: “${width}” # end"`)
    await page.getByLabel('Open to').selectOption('Member')
    await soon(() => line('access:')).toBe('access: member')
    await axe(page)
    await page.emulateMedia({ colorScheme: 'dark' })
    await axe(page)
    // Both are steps of the editor: undone there, shown in the form.
    await content(page).focus()
    await page.keyboard.press('Control+z')
    await soon(() => page.getByLabel('Open to').inputValue()).not.toBe('member')
    await page.keyboard.press('Control+z')
    await soon(() => title.inputValue()).toBe(old)
    await soon(onDisk).toBe(before)
    await page.close()
  },
)

test('what is typed in the YAML is in the form, and broken YAML is named with its line until it is mended', async () => {
  const page = await openForm()
  await content(page).focus()
  await page.keyboard.press('Control+Home')
  await page.keyboard.press('ArrowDown')
  // Of the line that is seen, then of the line that is written.
  await page.keyboard.press('End')
  await page.keyboard.press('End')
  await page.keyboard.type(', at last')
  const title = page.getByRole('textbox', { name: 'Title' })
  await soon(() => title.inputValue()).toMatch(/, at last$/u)
  await page.keyboard.type(': [')
  await page.getByText('Line 2 of the text cannot be read').waitFor()
  await page.getByRole('button', { name: 'Show line 2' }).click()
  await soon(() => page.evaluate('document.activeElement?.className')).toContain('cm-content')
  await page.keyboard.press('End')
  await page.keyboard.press('End')
  for (let index = 0; index < ': [, at last'.length; index++) await page.keyboard.press('Backspace')
  await soon(() => title.inputValue()).not.toMatch(/last/u)
  await page.close()
})

test('tags are added and taken out by keyboard; what is wrong stands beside its field', async () => {
  const page = await openForm()
  const before = await line('tags:')
  const tags = page.getByRole('combobox', { name: 'Tags' })
  await tags.focus()
  await page.keyboard.type('war & peace,')
  await soon(() => line('tags:')).toBe(before?.replace(']', ', war & peace]'))
  await page.keyboard.press('Backspace')
  await soon(() => line('tags:')).toBe(before)
  const order = page.getByRole('textbox', { name: 'Position' })
  await order.fill('first')
  await page.getByText('“order” must be a whole number.').waitFor()
  expect(await order.getAttribute('aria-invalid')).toBe('true')
  await order.fill('')
  await soon(() => line('order:')).toBe(undefined)
  await page.keyboard.press('Escape')
  await soon(() => page.evaluate('document.activeElement?.className')).toContain('cm-content')
  await page.close()
})

test('words typed in the form and in the text at once are both kept', async () => {
  const page = await openForm()
  await page.getByRole('textbox', { name: 'Credit' }).fill('Drawing: O')
  await content(page).focus()
  await page.keyboard.press('Control+End')
  await page.keyboard.type('\nTyped at once.')
  await soon(onDisk).toMatch(/Typed at once\.$/u)
  await soon(onDisk).toContain('credit: "Drawing: O"')
  await page.close()
})
