import type { Page } from 'playwright-core'
import type { ApprovalSheet } from '../../src/studio/contract/approval.ts'
import { asIfChanged } from './compare.ts'
import type { Screen } from './screen.ts'

const path = '/issue/2025-w46/approve'

/** Some sources are ticked off. */
async function atWork(page: Page): Promise<void> {
  await page.getByRole('textbox', { name: 'Your name' }).fill('Ada Lovelace')
  for (const number of [1, 2, 4]) {
    await page
      .getByRole('checkbox', { name: `[${number}]`, exact: false })
      .first()
      .check()
    await page.getByText(/[1-9]\d* of \d+ checked/).waitFor()
  }
  await page.getByRole('textbox', { name: 'Note (if any)' }).focus()
  await page.getByRole('heading', { level: 2 }).scrollIntoViewIfNeeded()
}

/** Approved, and a word was changed since; nothing of that is written. */
async function voided(page: Page): Promise<void> {
  await asIfChanged(page)
  await page.route('**/api/issues/*/approval', async (route) => {
    const answer = await route.fetch()
    const sheet = (await answer.json()) as ApprovalSheet
    const { standing } = sheet
    const name = 'briefs/2025-w46/istanbul-talks.md'
    await route.fulfill({
      json: {
        ...sheet,
        standing: {
          ...standing,
          state: 'void',
          approval: standing.last,
          changes: [{ kind: 'file', name, how: 'changed' }],
        },
      },
    })
  })
  await page.reload()
  await page.locator('.approve-words ins').first().waitFor()
}

export const approve: readonly Screen[] = [
  { name: 'approve', path, ready: atWork, also: ['narrow', 'dark'] },
  { name: 'approve-void', path, ready: voided, also: ['narrow', 'dark'] },
]
