import type { Page } from 'playwright-core'
import type { Screen } from './screen.ts'

export const outbox: readonly Screen[] = [
  {
    name: 'outbox',
    path: '/outbox',
    async ready(page) {
      await fillOutbox(page)
      await page.locator('.mail a').nth(1).click()
      await page.frameLocator('iframe').getByText('Istanbul').first().waitFor()
    },
    also: ['narrow', 'dark'],
  },
]

/** Test messages to a few people, as an editor sends them; once. */
async function fillOutbox(page: Page): Promise<void> {
  await page.locator('.outbox-count', { hasText: /message/ }).waitFor()
  if ((await page.locator('.mail').count()) > 0) return
  await page.evaluate(`(async () => {
    const token = document.querySelector('meta[name="onrecord-token"]').content
    for (const [to, tier] of [['ada@mail.example', 'member'], ['bo@post.example', 'subscriber'], ['desk@brief.example', 'subscriber'], ['editor@brief.example', 'member']])
      await fetch('/api/issues/2025-w46/test', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'X-Onrecord-Token': token },
        body: JSON.stringify({ to, tier }),
      })
  })()`)
  await page.locator('.mail a').nth(3).waitFor()
}
