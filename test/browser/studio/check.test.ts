import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { gates, writeGates } from '../../studio/gates.ts'
import { linkingTo, serveMisbehaving, type Misbehaving } from '../../studio/misbehaving.ts'
import { axe, openBrowserBed, widths, type BrowserBed } from './bed.ts'

let pages: Misbehaving
let bed: BrowserBed
beforeAll(async () => {
  pages = await serveMisbehaving()
  bed = await openBrowserBed({ threads: true, fetcher: pages.fetcher, prepare: (dir) => writeGates(dir) })
})
afterAll(async () => {
  await bed.close()
  await pages.close()
})
beforeEach(() => writeGates(bed.dir))

const onDisk = (): Promise<string> => readFile(join(bed.dir, 'briefs/gates/quay.md'), 'utf8')

/** What has focus, by its words. */
const focused = (page: Page): Promise<string> =>
  page.evaluate<string>('document.activeElement?.textContent ?? ""')

/** Presses a key until what has focus fits. */
async function press(page: Page, key: string, fits: RegExp): Promise<void> {
  for (let turn = 0; turn < 60; turn++) {
    await page.keyboard.press(key)
    if (fits.test(await focused(page))) return
  }
  throw new Error(`${key} never came to ${String(fits)}`)
}

async function openCheck(width: number, fits = 'The ledger has no source'): Promise<Page> {
  const page = await bed.open('/issue/gates/check', { width })
  await page.locator('.check-finding', { hasText: fits }).locator('.check-fix').first().waitFor()
  return page
}

test.each(widths)(
  'a finding leads to its place, and is mended there, by keyboard alone at %i px',
  async (width) => {
    const page = await openCheck(width)
    await axe(page)
    await press(page, 'Tab', /^Line 7$/)
    await page.keyboard.press('ArrowDown')
    expect(await focused(page)).toBe('Line 9')
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Enter')
    const text = page.getByRole('textbox', { name: /^Text of What the harbour did/ })
    await text.waitFor()
    await expect.poll(() => page.evaluate('document.activeElement?.className')).toContain('cm-content')
    const marks = page.locator('.cm-check-mark.error')
    await expect.poll(() => marks.count()).toBeGreaterThan(3)
    await page.keyboard.press('F8')
    const card = page.getByRole('dialog', { name: 'The ledger has no source “dailly”.' })
    await card.waitFor()
    await axe(page)
    await page.keyboard.press('Control+.')
    await expect.poll(() => focused(page)).toContain('Write “daily”')
    await page.keyboard.press('1')
    await page.getByText('Done: Write “daily”.').waitFor()
    await card.waitFor({ state: 'detached' })
    await expect.poll(onDisk).toBe((await onDisk()).replace('dailly', 'daily'))
    // Focus is in the text again, and one step takes it back.
    await page.keyboard.press('Control+z')
    await expect.poll(onDisk).toContain('[@dailly]')
    await page.close()
  },
)

test('F8 goes through the findings and round, Shift-F8 back; marks stay at their words while one types', async () => {
  const page = await bed.open('/issue/gates/draft', { width: 1440 })
  await page.locator('.cm-check-mark').first().waitFor()
  await page.locator('.cm-content').focus()
  await page.keyboard.press('Control+Home')
  const card = page.locator('.check-tip .check-message')
  const seen: string[] = []
  for (let turn = 0; turn < 7; turn++) {
    await page.keyboard.press('F8')
    await expect.poll(() => card.innerText()).not.toBe(seen.at(-1))
    seen.push(await card.innerText())
  }
  expect(new Set(seen).size).toBe(6)
  expect(seen[6]).toBe(seen[0])
  await page.keyboard.press('Shift+F8')
  await expect.poll(() => card.innerText()).toBe(seen[5])
  await page.keyboard.press('Escape')
  await card.waitFor({ state: 'detached' })
  // The next check is held back: what is typed above moves the marks along.
  await page.route('**/check', (route) => route.abort('connectionrefused'))
  const marked = (): Promise<readonly string[]> => page.locator('.cm-check-mark.error').allInnerTexts()
  const before = await marked()
  await page.keyboard.press('Control+Home')
  for (let turn = 0; turn < 5; turn++) await page.keyboard.press('ArrowDown')
  await page.keyboard.press('End')
  await page.keyboard.type('\nIt rained on the quay, and on the gates.\n')
  expect(await marked()).toEqual(before)
  expect(before).toContain('[@dailly]')
  await page.close()
})

test('the panel beside the text mends in the text, in one step of undo', async () => {
  const page = await bed.open('/issue/gates/draft', { width: 1440 })
  await page.getByRole('button', { name: 'Findings' }).click()
  const panel = page.getByRole('complementary', { name: 'Findings' })
  // What is found in the open file comes first, and each finding shows its own words.
  await expect.poll(() => panel.getByRole('heading').first().innerText()).toMatch(/quay\.md/)
  expect(await panel.locator('.check-quoted mark').first().innerText()).toBe('[@dailly]')
  const finding = panel.locator('.check-finding', { hasText: 'does not hold the words' })
  await finding.getByRole('button', { name: 'Write the source’s exact words' }).click()
  await page.getByText('Done: Write the source’s exact words.').waitFor()
  await finding.waitFor({ state: 'detached' })
  await expect.poll(onDisk).toContain('“We had no choice but to close them,” Ines Rook said [@echo].')
  await axe(page)
  await page.locator('.cm-content').focus()
  await page.keyboard.press('Control+z')
  await expect.poll(onDisk).toContain('no other choice')
  await page.close()
})

test.each(widths)(
  'what is waived says why, and what is written can be taken back, at %i px',
  async (width) => {
    const page = await openCheck(width)
    const finding = page.locator('.check-finding', { hasText: 'This quotation has no source.' })
    await finding.getByRole('button', { name: 'Waive for this block' }).press('Enter')
    await expect.poll(() => page.evaluate('document.activeElement?.tagName')).toBe('TEXTAREA')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await finding.getByText('Give a reason: readers get to see it.').waitFor()
    await axe(page)
    await press(page, 'Shift+Tab', /^$/)
    await page.keyboard.type('It was read out on the quay.')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    const waived = page.locator('.check-waived')
    await waived.getByText('1 waived').press('Enter')
    await waived.getByText('Waived: It was read out on the quay.').waitFor()
    // It is told in one place: where it can be taken back.
    expect(await page.getByText('Waive for this block: written to').count()).toBe(1)
    expect(await page.getByText(/^Done in /).count()).toBe(0)
    expect(await onDisk()).toContain('\n<!-- desk-ok DC203: It was read out on the quay. -->\n\n“Nobody ever')
    await page.getByRole('button', { name: 'Take it back' }).press('Enter')
    await page.getByText('Taken back: Waive for this block.').waitFor()
    expect(await onDisk()).not.toContain('desk-ok')
    await page.close()
  },
)

test('a source is chosen, what it makes is seen first, and why it cannot be is said', async () => {
  const page = await openCheck(800)
  const finding = page.locator('.check-finding', { hasText: 'This quotation has no source.' })
  await finding.getByRole('button', { name: 'Cite a source' }).click()
  await finding.getByLabel('Source').selectOption('echo')
  await finding.getByRole('button', { name: 'Cite a source' }).click()
  await finding.getByRole('alert').getByText('does not hold the words').waitFor()
  await page.keyboard.press('Escape')
  await expect.poll(() => focused(page)).toContain('Cite a source')
  const fact = page.locator('.check-finding', { hasText: 'states a fact without a source' })
  await fact.getByRole('button', { name: 'Cite The Echo', exact: true }).hover()
  await fact.locator('.check-change ins', { hasText: '[@echo]' }).first().waitFor()
  // One that is not in the ledger is made a source where its citation goes.
  await fact.getByRole('button', { name: 'Cite a source' }).click()
  await fact.getByRole('link', { name: 'Add a source by its address' }).press('Enter')
  const picker = page.getByRole('dialog', { name: 'Cite a source' })
  await picker.getByRole('option').first().waitFor()
  await picker.getByRole('button', { name: /^Cite \[@/ }).click()
  await expect.poll(onDisk).toMatch(/cut 40 posts in March \[@\w+\]\.\n/)
  await page.close()
})

test('filters hide, groups are by file or kind, and two hundred findings stay quick', async () => {
  const lines = Array.from({ length: 200 }, (_, at) => `The council cut ${at + 41} posts in March.`)
  await writeGates(bed.dir, `${gates}\n\n${lines.join('\n\n')}`)
  const page = await openCheck(1440, 'no source “dailly”')
  await page.getByRole('button', { name: '202 warnings' }).waitFor()
  const began = performance.now()
  await page.getByRole('button', { name: 'By kind' }).click()
  await page.getByRole('heading', { name: /^Citations 20/ }).waitFor()
  await page.getByRole('button', { name: /^\d errors$/ }).click()
  await expect.poll(() => page.locator('.check-finding.error').count()).toBe(0)
  expect(performance.now() - began).toBeLessThan(5_000)
  await page.getByRole('button', { name: /^\d errors$/ }).click()
  await page.getByRole('button', { name: 'By file' }).click()
  await page.getByRole('heading', { name: /quay\.md 20/ }).waitFor()
  await page.close()
})

test.each(widths)(
  'notes on the mail lead to their place, and links say how they are, at %i px',
  async (width) => {
    await writeGates(bed.dir, `${linkingTo(pages)}\n\nMore is [here](${pages.at('/well')}).`)
    const page = await bed.open('/issue/gates/check', { width })
    await page.getByRole('tab', { name: /^Mail programs/ }).click()
    const note = page.locator('.compat-remark', { hasText: 'not say where' })
    await note.waitFor()
    await page.getByText('MIT licence').waitFor()
    await axe(page)
    await page.getByRole('tab', { name: /^Mail programs/ }).press('ArrowRight')
    for (const [state, number] of [
      ['Broken', 1],
      ['Refused: private', 1],
      ['Could not verify', 3],
      ['Moved', 1],
    ] as const)
      await page.getByRole('heading', { name: `${state} ${number}` }).waitFor()
    await page.getByText('Works 1').waitFor()
    await page.getByRole('tab', { name: 'Links and images · 2' }).waitFor()
    await axe(page)
    // On a train: nothing is asked any more, and what was told stays.
    await page.getByLabel('Ask for them in the background').press('Space')
    await expect.poll(() => page.getByRole('button', { name: 'Check again' }).isDisabled()).toBe(true)
    await page.getByRole('heading', { name: 'Broken 1' }).waitFor()
    await page.getByLabel('Ask for them in the background').press('Space')
    await page.getByRole('button', { name: 'Check again' }).press('Enter')
    await page.getByRole('heading', { name: 'Broken 1' }).waitFor()
    await page.getByRole('tab', { name: /^Links/ }).press('ArrowLeft')
    await note.getByRole('link', { name: 'quay.md, line 13', exact: true }).press('Enter')
    await expect.poll(() => page.locator('.cm-content').innerText()).toContain('More is')
    await page.goBack()
    await page.getByRole('tab', { name: /^Mail programs/ }).click()
    await note.getByRole('link', { name: /^In the picture/ }).press('Enter')
    await page.locator('.frame iframe').first().waitFor()
    await page.close()
  },
)

test('focus goes to the next finding when the one that had it is mended', async () => {
  const page = await openCheck(800)
  const finding = page.locator('.check-finding', { hasText: 'The ledger has no source' })
  await finding.getByRole('button', { name: 'Write “daily”' }).press('Enter')
  await finding.waitFor({ state: 'detached' })
  await expect.poll(() => focused(page)).toBe('Line 9')
  await page.close()
})
