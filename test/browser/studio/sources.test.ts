import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { png } from '../../issue/rich-issue.ts'
import { servePages, type Pages } from '../../studio/pages.ts'
import { fromDocs, fromWord } from '../../studio/pasted-html.ts'
import { axe, noScriptRan, openBrowserBed, widths, type BrowserBed } from './bed.ts'
import { keepGround, type Ground } from './ground.ts'

const id = '2025-w46'
const talks = `briefs/${id}/istanbul-talks.md`
const ledger = `briefs/${id}/sources.yaml`
const hostile = `- id: evil
  title: "<img src=x onerror=ran('title')>"
  publisher: "<script>ran('publisher')</script>"
  url: https://evil.example/"><script>ran('url')</script>
  published: 2025
  accessed: 2025
  quotes: ["<b onclick=ran('quote')>bold</b>"]
`

let pages: Pages
let bed: BrowserBed
let ground: Ground
beforeAll(async () => {
  pages = await servePages()
  bed = await openBrowserBed({ fetcher: pages.fetcher })
  ground = await keepGround(join(bed.dir, 'briefs', id))
})
beforeEach(() => ground.restore())
afterAll(async () => {
  await bed.close()
  await pages.close()
  await ground.close()
})

const onDisk = (file = talks): Promise<string> => readFile(join(bed.dir, file), 'utf8')
const soon = <T>(look: () => T) => expect.poll(look)
const content = (page: Page) => page.locator('.draft-editor .cm-content')
const lastLine = async (): Promise<string | undefined> => (await onDisk()).trimEnd().split('\n').at(-1)

/** The first brief, with the cursor in a paragraph of its own at its end. */
async function atEnd(width = 800): Promise<Page> {
  const page = await bed.open(`/issue/${id}/draft`, { width })
  await content(page).waitFor()
  await content(page).focus()
  await page.keyboard.press('Control+End')
  await page.keyboard.type('\n\nThe last sentence ')
  return page
}

/** Ends the page when nothing of it is on its way to the disk, where the next test would find it. */
async function leave(page: Page): Promise<void> {
  await page.getByText('Saved', { exact: true }).waitFor()
  await page.close()
}

/** Takes what stands first in the list of completions. */
async function accept(page: Page, name: RegExp | string): Promise<void> {
  const option = page.getByRole('option', { name }).first()
  await option.waitFor()
  // CodeMirror takes no Enter in a list’s first 75 ms, lest one that was meant as a line break is taken.
  await page.evaluate('new Promise((done) => setTimeout(done, 90))')
  await page.keyboard.press('Enter')
  await option.waitFor({ state: 'detached' })
}

/** As from another program’s clipboard. */
async function paste(page: Page, text: string, html = ''): Promise<void> {
  await page.evaluate(
    `(() => {
      const data = new DataTransfer()
      data.setData('text/plain', ${JSON.stringify(text)})
      if (${html !== ''}) data.setData('text/html', ${JSON.stringify(html)})
      document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
    })()`,
  )
}

test('a citation is completed by keyboard, by title or publisher too, and so are its passages', async () => {
  const page = await atEnd()
  await page.keyboard.type('[@arab')
  await page.locator('.cm-completionInfo').getByText('Arab News Pakistan').waitFor()
  await axe(page)
  await accept(page, /^arab-news/u)
  await soon(lastLine).toBe('The last sentence [@arab-news]')
  await page.keyboard.type('. One more [@arab-news, "vio')
  await accept(page, /^has not been violated/u)
  await soon(lastLine).toMatch(/\[@arab-news, "has not been violated by us so far, .+"\]$/u)
  await page.keyboard.press('Alt+Enter')
  await page.getByRole('textbox', { name: 'Text of sources.yaml' }).waitFor()
  await page.getByRole('button', { name: /^Istanbul talks/u }).click()
  await content(page).focus()
  await page.keyboard.press('Control+End')
  // In prose, nothing is in the way of Enter.
  await page.keyboard.type('\n\nWrite to ana@arab')
  expect(await page.getByRole('option').count()).toBe(0)
  await leave(page)
})

test('a directive comes with its lines; Tab leads through them, and the fence around it grows', async () => {
  const page = await atEnd()
  await page.keyboard.type('\n\n:::mem')
  await accept(page, ':::members')
  await page.keyboard.type('Why now')
  await page.keyboard.press('Tab')
  await page.keyboard.type('First.\n\n:::no')
  await accept(page, ':::note')
  await page.keyboard.type('A note.')
  await soon(onDisk).toMatch(/\n::::members\{teaser="Why now"\}\nFirst\.\n\n:::note\nA note\.\n:::\n::::$/u)
  await leave(page)
})

test('a pasted URL becomes a source and its citation, while typing goes on: one step of undo', async () => {
  const page = await atEnd()
  await paste(page, 'https://slow.example/talks')
  await page.getByRole('button', { name: /Make it a source/u }).waitFor()
  await axe(page)
  await page.keyboard.press('Alt+Enter')
  await page.locator('.paste-progress').getByText('Reading slow.example …').waitFor()
  await page.keyboard.press('End')
  await page.keyboard.type(' and more.')
  pages.release()
  await soon(lastLine).toMatch(/^The last sentence \[@paper-1108\S*\] and more\.$/u)
  await soon(() => onDisk(ledger)).toContain('url: https://slow.example/talks')
  await page.keyboard.press('Control+z')
  await soon(lastLine).toBe('The last sentence https://slow.example/talks and more.')
  await leave(page)
})

test('what is copied from Google Docs and Word is pasted as Markdown, one step of undo each; nothing of it runs or is fetched', async () => {
  const page = await atEnd()
  const { check } = await noScriptRan(page)
  await paste(page, 'The talks …', fromDocs)
  await soon(onDisk).toMatch(
    /\nThe last sentence *\n\n## The talks\n\nThey broke down on \*\*Saturday\*\* in \*Istanbul\*, \[the paper/u,
  )
  await soon(onDisk).toMatch(/\n- First\n {2}- Inner\n- \*\*Second\*\*\n\n1\. One\n2\. Two\n/u)
  await page.keyboard.press('Control+z')
  await soon(lastLine).toMatch(/^The last sentence ?$/u)
  await paste(page, 'The talks …', fromWord.replace('<h1>', '<p>').replace('</h1>', '</p>'))
  await soon(onDisk).toMatch(
    /\nThe last sentence The talks\n\nThey broke .+ \[@daily\]\. Nobody \*\*\*knows\*\*\*\.\n/u,
  )
  await soon(lastLine).toBe('After it.[1] Run')
  // Ctrl+Shift+V puts no HTML on the clipboard.
  await paste(page, ' and *more*.')
  await soon(lastLine).toBe('After it.[1] Run and *more*.')
  check()
  await leave(page)
})

test('one that the ledger has is cited at once; one that cannot be read says what to look at', async () => {
  const page = await atEnd()
  await paste(page, 'http://www.arabnews.pk/node/2621917/world/?utm_source=x')
  await page.locator('.paste-offer').getByText('The ledger has this page').waitFor()
  await page.getByRole('button', { name: /Cite it/u }).click()
  await soon(lastLine).toBe('The last sentence [@arab-news]')
  await page.keyboard.type(' ')
  await paste(page, 'https://walled.example/report')
  await page.getByRole('button', { name: /Make it a source/u }).click()
  await page.locator('.paste-offer').getByText('could not be read').waitFor()
  await axe(page)
  await soon(lastLine).toBe('The last sentence [@arab-news] [@walled-example]')
  await page.keyboard.type(' ')
  await paste(page, 'http://localhost/')
  await page.getByRole('button', { name: /Make it a source/u }).click()
  await page
    .getByText(/was not made a source/u)
    .first()
    .waitFor()
  await page.keyboard.press('Escape')
  await soon(lastLine).toMatch(/ http:\/\/localhost\/$/u)
  await leave(page)
})

test.each(widths)(
  'the picker finds a source and quotes words that the desk check verifies, at %i px',
  async (width) => {
    const page = await atEnd(width)
    await page.keyboard.press('Control+Shift+K')
    const dialog = page.getByRole('dialog', { name: 'Cite a source' })
    await dialog.getByRole('option').first().waitFor()
    const address = `https://paper.example/talks-${width}`
    await page.keyboard.type(address)
    await dialog.getByRole('button', { name: 'Make it a source and cite it' }).waitFor()
    await page.keyboard.press('Enter')
    await soon(lastLine).toMatch(/^The last sentence \[@paper-1108/u)
    const cited = /@(paper-1108[-\d]*)/u.exec((await lastLine()) ?? '')?.[1] ?? ''
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+Shift+K')
    await dialog.getByRole('combobox').fill(`talks-${width} paper`)
    await expect.poll(() => dialog.getByRole('option').count(), { timeout: 10_000 }).toBe(1)
    await dialog.getByRole('searchbox', { name: 'Find in the copy' }).fill('no fourth one is plan')
    await axe(page)
    await page.emulateMedia({ colorScheme: 'dark' })
    await axe(page)
    await dialog.getByRole('button', { name: 'Cite with the selected words' }).click()
    const citation = `[@${cited}, "no fourth one is planned"]`
    await soon(lastLine).toContain(citation.slice(1, -1))
    const { findings } = (await (await bed.ask(`/api/issues/${id}/check`)).json()) as {
      findings: readonly { readonly message: string }[]
    }
    expect(findings.filter(({ message }) => message.includes('no fourth one'))).toEqual([])
    await leave(page)
  },
)

test('words of strangers in the ledger are words: nothing of them runs', async () => {
  const before = await onDisk(ledger)
  await writeFile(join(bed.dir, ledger), `${before}\n${hostile}`)
  const page = await atEnd()
  const { check } = await noScriptRan(page)
  await page.keyboard.type('[@evi')
  await page.getByRole('option', { name: /^evil/u }).first().waitFor()
  await page.keyboard.press('Escape')
  await page.keyboard.type('l] ')
  await page.locator('.draft-citation-id').last().hover()
  await page.locator('.citation-card').getByText('<script>').waitFor()
  await axe(page)
  await page.keyboard.press('Control+Shift+K')
  const dialog = page.getByRole('dialog', { name: 'Cite a source' })
  await dialog.getByRole('combobox').fill('evil')
  await dialog.getByText('<script>').first().waitFor()
  check()
  await leave(page)
})

test('a dropped picture is asked what it shows, and is in the mail; nothing is kept of one that is given up', async () => {
  const page = await atEnd()
  const images = join(bed.dir, `briefs/${id}/images`)
  const before = await readdir(images)
  const drop = async (name: string, type: string, bytes: Uint8Array): Promise<void> => {
    await page.evaluate(
      `(() => {
        const bytes = Uint8Array.from(atob(${JSON.stringify(Buffer.from(bytes).toString('base64'))}), (each) => each.charCodeAt(0))
        const data = new DataTransfer()
        data.items.add(new File([bytes], ${JSON.stringify(name)}, { type: ${JSON.stringify(type)} }))
        const text = document.querySelector('.draft-editor .cm-content')
        const { left, bottom } = text.lastElementChild.getBoundingClientRect()
        text.dispatchEvent(new DragEvent('drop', { dataTransfer: data, clientX: left + 20, clientY: bottom - 4, bubbles: true, cancelable: true }))
      })()`,
    )
  }
  const dialog = page.getByRole('dialog', { name: 'Add a picture' })
  await drop('logo.svg', 'image/svg+xml', Buffer.from('<svg/>'))
  await dialog.getByText('Save it as PNG').waitFor()
  await page.keyboard.press('Escape')
  await drop('harbour.png', 'image/png', png(1_500, 60, 3))
  await dialog.getByText('1500 × 60 pixels').waitFor()
  await dialog.getByRole('button', { name: 'Put it in' }).click()
  await dialog.getByText('Describe the picture').waitFor()
  await axe(page)
  await page.keyboard.press('Escape')
  await soon(() => dialog.count()).toBe(0)
  expect(await readdir(images)).toEqual(before)
  await drop('harbour.png', 'image/png', png(1_500, 60, 3))
  await dialog.getByLabel('What it shows').fill('The harbour [at dusk]')
  await dialog.getByRole('button', { name: 'Put it in' }).click()
  await soon(lastLine).toBe('![The harbour \\[at dusk\\]](images/harbour.png)')
  expect(await readdir(images)).toEqual([...before, 'harbour.png'].toSorted())
  await page.goto(`${bed.url}/issue/${id}/preview`)
  // The one that is shown: a newer one may be coming behind it.
  const shown = page.frameLocator('.preview-sheet iframe:not(.coming)').first()
  const picture = shown.locator('img[alt="The harbour [at dusk]"]').first()
  await picture.waitFor()
  await soon(() => picture.evaluate((image) => Reflect.get(image, 'naturalWidth') as unknown)).toBe(1_200)
  await page.close()
})
