import type { Page } from 'playwright-core'
import type { Screen } from './screen.ts'

const path = '/issue/2025-w46/preview'

async function shown(page: Page): Promise<void> {
  const mail = page.frameLocator('.preview-sheet iframe:not(.coming)').first()
  await mail.getByRole('heading', { name: 'Talks end in Istanbul' }).waitFor()
}

export const preview: readonly Screen[] = [
  { name: 'preview', path, ready: shown, also: ['narrow', 'dark'] },
  {
    name: 'preview-source',
    path,
    async ready(page) {
      await shown(page)
      const mail = page.frameLocator('.preview-sheet iframe:not(.coming)').first()
      await mail.getByRole('link', { name: '[3]', exact: true }).first().hover()
      await page.locator('.preview-card').waitFor()
    },
  },
  { name: 'preview-phone-dark', path: `${path}?width=375&colours=forced`, ready: shown },
  {
    name: 'preview-looks',
    path: `${path}?against=flash`,
    async ready(page) {
      await shown(page)
      const other = page.locator('.preview-sheet').nth(1).frameLocator('iframe:not(.coming)')
      await other.getByText('Talks end in Istanbul').first().waitFor()
    },
  },
  {
    name: 'preview-inbox',
    path: `${path}?show=inbox`,
    ready: (page) => page.getByRole('region', { name: 'Outlook, on a computer' }).waitFor(),
    also: ['narrow'],
  },
  {
    name: 'preview-order',
    path: `${path}?show=order`,
    ready: (page) => page.getByText('heading level 1').waitFor(),
  },
  {
    name: 'preview-mime',
    path: `${path}?show=source`,
    ready: (page) => page.getByText('How to get off the list').waitFor(),
  },
]
