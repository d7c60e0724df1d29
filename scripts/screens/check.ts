import type { Screen } from './screen.ts'

export const check: readonly Screen[] = [
  {
    name: 'check',
    path: '/issue/2025-w46/check',
    ready: (page) => page.locator('.check-fix').first().waitFor(),
    also: ['narrow', 'dark'],
  },
  {
    name: 'check-mail',
    path: '/issue/2025-w46/check',
    ready: async (page) => {
      await page.getByRole('tab', { name: /^Mail programs/ }).click()
      await page.locator('.compat-remark').first().waitFor()
    },
    also: ['narrow', 'dark'],
  },
  {
    name: 'check-text',
    path: '/issue/2025-w46/draft',
    ready: async (page) => {
      await page.getByRole('button', { name: /Paktika/ }).click()
      await page.locator('.cm-check-mark').first().waitFor()
      await page.locator('.cm-content').focus()
      await page.keyboard.press('F8')
      await page.locator('.check-tip').waitFor()
    },
    also: ['narrow', 'dark'],
  },
]
