import type { Page } from 'playwright-core'
import type { Screen } from './screen.ts'

const path = '/issue/2025-w46/draft'
const text = 'Text of Istanbul talks end without agreement'

/** The editor with a line in view that has a bit of everything, and the picture beside it. */
async function atWork(page: Page): Promise<void> {
  await page.getByRole('textbox', { name: text }).waitFor()
  if ((page.viewportSize()?.width ?? 0) > 1200) await page.locator('.pane iframe').first().waitFor()
  await page.locator('.draft-citation-words').first().waitFor()
  await page.locator('.draft-words span').first().waitFor()
}

/** Two texts of one file: this page's, which was held back, and another page's. */
async function twoTexts(page: Page): Promise<void> {
  await atWork(page)
  // Nothing of this is written: the pictures are of the sample as it is.
  await page.route('**/api/file', async (route) => {
    const { path: file, text: mine } = JSON.parse(route.request().postData() ?? '{}') as Record<
      string,
      string
    >
    const theirs = mine
      ?.replace('The third round of talks', 'A third round of talks')
      .replace('both\nmediators', 'the\nmediators')
      .replace('Not one word of it was put to paper. ', '')
    const error = { code: 'conflict', message: '', hint: null }
    await route.fulfill({
      status: 409,
      json: { error, path: file, mine, theirs: { text: theirs, hash: 'x' } },
    })
  })
  await page.getByText('The third round of talks').click()
  await page.keyboard.press('Home')
  await page.keyboard.type('Not one word of it was put to paper. ')
  await page.locator('.draft-merge .cm-changedText').first().waitFor()
  await page.locator('.draft-conflict-actions button.primary:enabled').waitFor()
}

export const draft: readonly Screen[] = [
  { name: 'draft', path, ready: atWork, also: ['narrow', 'dark'] },
  { name: 'draft-two-texts', path, ready: twoTexts, also: ['narrow', 'dark'] },
]
