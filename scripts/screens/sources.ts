import type { Page } from 'playwright-core'
import type { Screen } from './screen.ts'

const path = '/issue/2025-w46/draft'

/** The first brief, ready to be written in; nothing of it is written, and no page of the web is asked. */
async function atWork(page: Page): Promise<void> {
  await page.evaluate(
    `(() => {
      const ask = fetch
      window.fetch = (path, options) =>
        /\\/(?:file|sources)$/.test(path) && options?.method !== 'GET' ? new Promise(() => undefined) : ask(path, options)
    })()`,
  )
  await page.locator('.draft-editor .cm-content').waitFor()
  await page.locator('.draft-citation-words').first().waitFor()
  if ((page.viewportSize()?.width ?? 0) > 1200) await page.locator('.pane iframe').first().waitFor()
}

async function form(page: Page): Promise<void> {
  await atWork(page)
  await page.getByRole('button', { name: 'Details' }).click()
  await page.getByRole('textbox', { name: 'Title' }).waitFor()
}

async function completed(page: Page): Promise<void> {
  await atWork(page)
  await page.getByText('No fourth round was planned').click()
  await page.keyboard.press('Home')
  await page.keyboard.type('The border stayed shut [@arab')
  await page.getByRole('option').first().waitFor()
  await page.locator('.cm-completionInfo').waitFor()
}

async function pasted(page: Page): Promise<void> {
  await atWork(page)
  await page.getByText('No fourth round was planned').click()
  await page.keyboard.press('Home')
  for (const host of ['paper', 'gazette']) {
    await page.evaluate(
      `(() => {
        const data = new DataTransfer()
        data.setData('text/plain', 'https://${host}.example/talks')
        const event = new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })
        document.activeElement.dispatchEvent(event)
      })()`,
    )
    await page.getByRole('button', { name: /Make it a source/u }).waitFor()
    if (host === 'gazette') continue
    await page.keyboard.press('Alt+Enter')
    await page.locator('.paste-progress').waitFor()
    await page.keyboard.type(' ')
  }
}

async function picked(page: Page): Promise<void> {
  await atWork(page)
  await page.getByText('No fourth round was planned').click()
  await page.keyboard.press('Control+Shift+K')
  await page.getByRole('option').first().waitFor()
  await page.keyboard.type('news')
  await page.getByText('No copy of this page is kept yet.').waitFor()
}

/** A picture that the browser draws itself. */
async function picture(page: Page): Promise<void> {
  await atWork(page)
  await page.evaluate(
    `new Promise((done) => {
      const canvas = document.createElement('canvas')
      canvas.width = 1800
      canvas.height = 900
      const paint = canvas.getContext('2d')
      for (let at = 0; at < 90; at++) {
        paint.fillStyle = 'hsl(' + (205 + at) + ' 40% ' + (30 + at / 2) + '%)'
        paint.fillRect(0, at * 10, 1800, 10)
      }
      canvas.toBlob((blob) => {
        const data = new DataTransfer()
        data.items.add(new File([blob], 'border-at-dusk.png', { type: 'image/png' }))
        const text = document.querySelector('.draft-editor .cm-content')
        const { left, top } = text.getBoundingClientRect()
        const place = { clientX: left + 40, clientY: top + 320, dataTransfer: data, bubbles: true, cancelable: true }
        text.dispatchEvent(new DragEvent('drop', place))
        done(null)
      })
    })`,
  )
  await page.getByText('1800 × 900 pixels').waitFor()
  await page
    .getByRole('textbox', { name: 'What it shows' })
    .fill('The closed border crossing at Torkham, at dusk')
}

export const sources: readonly Screen[] = [
  { name: 'draft-form', path, ready: form, also: ['narrow', 'dark'] },
  { name: 'draft-completion', path, ready: completed, also: ['narrow', 'dark'] },
  { name: 'draft-paste', path, ready: pasted, also: ['narrow', 'dark'] },
  { name: 'draft-sources', path, ready: picked, also: ['narrow', 'dark'] },
  { name: 'draft-picture', path, ready: picture, also: ['narrow', 'dark'] },
]
