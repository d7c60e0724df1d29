import { readFileSync, writeFileSync } from 'node:fs'
import { copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterEach, expect, test } from 'vitest'
import { brief, id, shortIssue } from './approve-publication.ts'
import { axe, openBrowserBed, widths, type BrowserBed } from './bed.ts'

let bed: BrowserBed
afterEach(() => bed.close())

/** Its first answer takes a thread to start, for which a busy machine takes its time. */
async function open(...at: Parameters<BrowserBed['open']>): Promise<Page> {
  const page = await bed.open(...at)
  page.setDefaultTimeout(30_000)
  return page
}

function change(file: string, by: (text: string) => string): void {
  const path = join(bed.dir, file)
  const text = readFileSync(path, 'utf8')
  const changed = by(text)
  expect(changed).not.toBe(text)
  writeFileSync(path, changed)
}

const approve = (by: string): Promise<Response> =>
  bed.send('POST', `/api/issues/${id}/approval`, { step: 'approved', by, note: null })

const moved = 'The old pilots of the river still tell of the night in which the fog came in [@dawn].'
const text = [
  'Read [the notice](https://port.test/a) before you sail.',
  ...Array.from(
    { length: 8 },
    (_, index) => `Calm paragraph number ${index}, which nobody will touch [@dawn].`,
  ),
  moved,
].join('\n\n')

test.each(widths)(
  'every kind of change at %i px, led to by keys, to the line where it is written',
  async (width) => {
    bed = await openBrowserBed({ prepare: (dir) => shortIssue(dir, { text }) })
    await approve('Ada')
    change(`briefs/${id}/issue.md`, (was) => was.replace('The harbour opens', 'The harbour reopens'))
    change(brief, (was) =>
      was
        .replace('https://port.test/a', 'https://port.test/b?utm_source=x')
        .replace('before you sail', 'and [the map](https://port.test/map) before you sail')
        .replace(`\n\n${moved}`, '')
        .replace('\n\nThe master', `\n\n${moved}\n\nThe master`)
        .replace('on 3 November, as it was told [@un].', 'on 4 November, as it was told [@geo].')
        .replace('[@geo].\n', '[@dawn].\n'),
    )
    const page = await open(`/issue/${id}/compare`, { width })
    await page.getByRole('heading', { level: 2, name: /changes since Ada approved it on/ }).waitFor()
    await axe(page)
    const changes = page.locator('.compare-changes')
    expect(await changes.locator('del').first().innerText()).toContain('opens')
    expect(await changes.locator('ins').first().innerText()).toContain('reopens')
    await changes.getByText('“the notice” now leads to').waitFor()
    for (const target of ['https://port.test/a', 'https://port.test/b'])
      expect(await changes.locator(`a[href^="${target}"]`).getAttribute('rel')).toBe('noopener noreferrer')
    await changes.getByText('“the map” now leads to https://port.test/map').waitFor()
    await changes.getByText('Moved here from another place.').waitFor()
    await changes.getByText(/^Removed: \[3\]/).waitFor()
    // Screen readers are told what is struck out and what is underlined.
    expect(await changes.locator('del').first().textContent()).toMatch(
      /^removed: .*\(end of what was removed\)$/,
    )

    const fold = changes.locator('.compare-stop:has-text("the notice") + .compare-fold button')
    expect(await fold.innerText()).toMatch(/^\d+ paragraphs unchanged/)
    expect(await changes.getByText('Calm paragraph number 3').count()).toBe(0)
    await fold.press('Enter')
    await changes.getByText('Calm paragraph number 3').waitFor()

    const focused = (): Promise<string> =>
      page.evaluate<string>('document.activeElement?.getAttribute("aria-label") ?? ""')
    await page.keyboard.press('n')
    await expect.poll(focused).toMatch(/^Change 1 of /)
    await page.keyboard.press('n')
    await expect.poll(focused).toMatch(/^Change 2 of /)
    await page.keyboard.press('p')
    await expect.poll(focused).toMatch(/^Change 1 of /)
    await page.keyboard.press('p')
    await expect.poll(focused).toMatch(/^Change 1 of /)
    await page.getByRole('button', { name: 'Next change' }).click()
    await expect.poll(focused).toMatch(/^Change 2 of /)
    // The second key of a pair is no step: `g p` leads to the preview.
    await page.keyboard.press('g')
    await page.keyboard.press('p')
    await page.waitForURL(/\/preview$/)
    await page.goBack()
    await changes.getByRole('link', { name: /^issue\.md, line 2/ }).click()
    await page.waitForURL(/\/draft$/)
    await page.close()
  },
)

test('nothing has changed is said calmly; a save, other readers and another version are shown at once', async () => {
  const own = ':::members{teaser="Who paid for it"}\nThe town paid for the quay [@dawn].\n:::'
  bed = await openBrowserBed({
    prepare: async (dir) => {
      await shortIssue(dir, { text: own })
      await mkdir(join(dir, 'briefs/other'))
      await copyFile(join(dir, `briefs/${id}/issue.md`), join(dir, 'briefs/other/issue.md'))
      await copyFile(join(dir, brief), join(dir, 'briefs/other/one.md'))
      await copyFile(join(dir, `briefs/${id}/sources.yaml`), join(dir, 'briefs/other/sources.yaml'))
    },
  })
  // Before anything else can be compared: what members read more than everybody does.
  const first = await open(`/issue/${id}/compare`)
  await first.getByRole('heading', { name: /^\d+ changes? from “Public” to “Member”\.$/ }).waitFor()
  await first.locator('ins', { hasText: 'The town paid for the quay' }).waitFor()
  await first.getByText('No approval of this issue was recorded').waitFor()
  await axe(first)
  await first.getByLabel('Readers before').selectOption('subscriber')
  await first.waitForURL(/fromTier=subscriber/)
  await first.reload()
  await first.getByRole('heading', { name: /from “Reader” to “Member”\.$/ }).waitFor()
  // Another draft, by the same readers.
  await first.getByLabel('Before', { exact: true }).selectOption('now:other')
  await first.getByLabel('Readers before').selectOption({ label: 'The same readers' })
  await first.getByRole('heading', { name: 'Nothing has changed for “Member”.' }).waitFor()
  change('briefs/other/one.md', (was) => was.replace('the hills', 'the islands'))
  await first.locator('del', { hasText: 'islands' }).waitFor()
  await first.close()
  await approve('Ada')
  change(brief, (was) => was.replace('left for', 'fled to'))
  await approve('Bo')
  const page = await open(`/issue/${id}/compare`)
  await page
    .getByRole('heading', { name: /^Nothing has changed for “Member” since Bo approved it/ })
    .waitFor()
  await axe(page)
  change(brief, (was) => was.replace('the hills', 'the mountains'))
  await page.locator('ins', { hasText: 'mountains' }).waitFor()
  await page.getByRole('heading', { name: /^1 change since Bo/ }).waitFor()
  await page.getByLabel('Before', { exact: true }).selectOption({ index: 2 })
  await page.getByRole('heading', { name: /^1 change since Ada/ }).waitFor()
  await page.locator('ins', { hasText: 'fled to' }).waitFor()
  await page.getByLabel('Readers after').selectOption('public')
  await page.waitForURL(/tier=public/)
  await page.reload()
  await page.getByRole('heading', { name: /^1 change since Ada/ }).waitFor()
  // The former version stays while the draft is broken, and says why it is no newer.
  change(brief, (was) => was.replace('title: The', 'title: [The'))
  await page.getByText(/cannot be rendered as it is: briefs\/harbour\/one\.md:2/).waitFor()
  expect(await page.locator('ins', { hasText: 'mountains' }).count()).toBe(1)
  await page.close()
})

test('an issue of which every one of two hundred paragraphs changed is there at once, a page at a time', async () => {
  const long = (word: string): string =>
    Array.from(
      { length: 200 },
      (_, index) => `Paragraph ${index} speaks of the ${word} that nobody saw [@dawn].`,
    ).join('\n\n')
  bed = await openBrowserBed({ prepare: (dir) => shortIssue(dir, { text: long('ship') }) })
  await approve('Ada')
  change(brief, (was) => was.replaceAll('the ship', 'a whale'))
  const page = await open(`/issue/${id}/compare`)
  await page.getByRole('heading', { name: /^200 changes since Ada/ }).waitFor()
  expect(await page.locator('.compare-stop').count()).toBe(150)
  await page.getByRole('button', { name: /^Show more: 50 changes are left/ }).waitFor()
  // From the last of those that are shown a key leads on.
  await page.locator('#change-150').focus()
  await page.keyboard.press('n')
  await expect.poll(() => page.evaluate('document.activeElement?.id')).toBe('change-151')
  await expect.poll(() => page.locator('.compare-stop').count()).toBe(200)
  await page.close()
})
