import type { Screen } from './screen.ts'

export const send: readonly Screen[] = [
  {
    name: 'send',
    path: '/issue/2025-w46/send',
    ready: (page) => page.locator('.send-go').waitFor(),
    also: ['narrow', 'dark'],
  },
  {
    name: 'send-confirm',
    path: '/issue/2025-w46/send',
    async ready(page) {
      await page.getByRole('button', { name: /^(Send to|Rehearse for)/ }).click()
      await page.getByRole('dialog').waitFor()
    },
  },
]
