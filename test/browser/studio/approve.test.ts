import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterEach, expect, test } from 'vitest'
import { brief, id, shortIssue } from './approve-publication.ts'
import { axe, noScriptRan, openBrowserBed, widths, type BrowserBed } from './bed.ts'

let bed: BrowserBed
afterEach(() => bed.close())

/** Its first answer takes a thread to start, for which a busy machine takes its time. */
async function open(...at: Parameters<BrowserBed['open']>): Promise<Page> {
  const page = await bed.open(...at)
  page.setDefaultTimeout(30_000)
  return page
}

function edit(from: string, to: string): void {
  const file = join(bed.dir, brief)
  const text = readFileSync(file, 'utf8')
  expect(text).toContain(from)
  writeFileSync(file, text.replace(from, to))
}

const focused = (page: Page): Promise<string> =>
  page.evaluate<string>(
    'document.activeElement?.closest("label, button, a, h1, h2, article")?.textContent ?? ""',
  )

/** Presses Tab until focus is on what is wanted; that it gets there is part of what is held. */
async function tabTo(page: Page, words: string | RegExp): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press('Tab')
    if ((await focused(page)).match(words) !== null) return
  }
  throw new Error(`Tab leads to no ${String(words)}`)
}

test.each(widths)(
  'by keyboard alone at %i px: review, every source ticked off, approved; a word voids it; approved again',
  async (width) => {
    bed = await openBrowserBed({ prepare: (dir) => shortIssue(dir) })
    const page = await open(`/issue/${id}/approve`, { width })
    await page.getByRole('heading', { name: /^A draft, by what its file says/ }).waitFor()
    await page.getByRole('button', { name: /Ready|To do/ }).waitFor()
    await axe(page)

    // Nothing is recorded without a name: focus goes to where it is asked for.
    await page.getByRole('button', { name: 'Send to review' }).focus()
    await page.keyboard.press('Enter')
    await page.getByText('Say who you are').waitFor()
    await page.keyboard.type('Ada Lovelace')
    await page.keyboard.press('Tab')
    await page.keyboard.type('See the toll.')
    await tabTo(page, /^Send to review$/)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: /^In review: handed over by Ada Lovelace/ }).waitFor()
    expect(await focused(page)).toContain('In review')
    await page.getByText('See the toll.').first().waitFor()

    await tabTo(page, /^\[1\]/)
    for (const [index, name] of ['dawn', 'geo', 'un'].entries()) {
      if (index > 0) await page.keyboard.press('ArrowDown')
      expect(await focused(page)).toContain(`What ${name} wrote`)
      await page.keyboard.press('Space')
      await page.getByText(`${index + 1} of 3 checked`).waitFor()
    }
    await expect
      .poll(() => page.getByText(/^Checked by Ada Lovelace on/).count(), { timeout: 10_000 })
      .toBe(3)

    await page.getByRole('textbox', { name: 'Your name' }).focus()
    await tabTo(page, /^Approve$/)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: /^Approved by Ada Lovelace .* as it was then/ }).waitFor()
    expect(await focused(page)).toContain('Approved by Ada Lovelace')
    await axe(page)

    edit('left for the hills', 'fled for the hills')
    await page.getByRole('heading', { name: /approved it .* is void/ }).waitFor()
    const since = page.locator('.notice', { hasText: 'What changed since the approval' })
    await since.getByText('one.md').waitFor()
    await since.locator('ins', { hasText: 'fled' }).waitFor()
    await axe(page)
    const plan = await (await bed.ask(`/api/issues/${id}/sending/plan`)).text()
    expect(plan).toMatch(/was approved by Ada Lovelace on [^"]* has changed since: the text \(one\.md\)/)

    await tabTo(page, /^Compare/)
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/compare\?from=approved/)
    await page.getByRole('heading', { name: /^1 change since Ada Lovelace approved it/ }).waitFor()
    expect(await page.locator('.compare-stop del').allInnerTexts()).toEqual([expect.stringContaining('left')])
    expect(await page.locator('.compare-stop ins').allInnerTexts()).toEqual([expect.stringContaining('fled')])
    expect(await page.locator('del, ins').count()).toBe(2)

    await page.keyboard.press('g')
    await page.keyboard.press('a')
    await page.getByRole('button', { name: 'Approve again' }).waitFor()
    await tabTo(page, /^Approve again$/)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: /^Approved by Ada Lovelace .* as it was then/ }).waitFor()
    expect(await page.locator('.approve-history li').allInnerTexts()).toEqual([
      expect.stringContaining('approved it'),
      expect.stringContaining('approved it'),
      expect.stringContaining('handed it over for review'),
    ])
    await page.close()
  },
)

test('sources that are not checked are asked about once, and a tick that went stale says so', async () => {
  bed = await openBrowserBed({ prepare: (dir) => shortIssue(dir) })
  const page = await open(`/issue/${id}/approve`)
  await page.getByRole('textbox', { name: 'Your name' }).fill('Ada')
  await page.getByRole('checkbox', { name: /What dawn wrote/ }).check()
  await page.getByText('1 of 3 checked').waitFor()
  await page.getByRole('button', { name: 'Approve', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: '2 of 3 sources are not checked' })
  await dialog.getByText('What geo wrote').waitFor()
  await axe(page)
  await page.keyboard.press('Escape')
  await expect.poll(() => dialog.count()).toBe(0)
  await expect.poll(() => focused(page)).toBe('Approve')
  await page.getByRole('button', { name: 'Approve', exact: true }).click()
  const held = Promise.withResolvers<void>()
  await page.route(
    '**/approval',
    async (route) => {
      await held.promise
      await route.continue()
    },
    { times: 1 },
  )
  await dialog.getByRole('button', { name: 'Approve all the same' }).click()
  const said = page.locator('.approve-actions [role="status"]')
  await expect.poll(() => said.innerText()).toBe('Approving …')
  held.resolve()
  await page.getByRole('heading', { name: /^Approved by Ada/ }).waitFor()

  await expect.poll(() => said.innerText()).toBe('')
  edit('on 1 November', 'on 9 November')
  await page.getByText(/Checked by Ada on .* has changed since\./).waitFor()
  await page.getByText('0 of 3 checked').waitFor()
  // Who comes back with this browser need not say again who they are.
  await page.reload()
  await expect.poll(() => page.getByRole('textbox', { name: 'Your name' }).inputValue()).toBe('Ada')
  const opened = page.context().waitForEvent('page')
  await page.context().route('https://dawn.test/**', (route) => route.fulfill({ body: 'The source' }))
  await page.getByRole('link', { name: 'Open the source' }).first().click()
  const source = await opened
  expect(await source.evaluate('window.opener')).toBe(null)
  await source.close()
  await page
    .getByRole('link', { name: /^one\.md, line/ })
    .first()
    .click()
  await page.waitForURL(/\/draft$/)
  await page.close()
})

test('of two tabs that approve, the second is told what the first did, and of a save in between', async () => {
  bed = await openBrowserBed({ prepare: (dir) => shortIssue(dir, { names: [], text: 'Nothing is cited.' }) })
  const [ada, bo] = [await open(`/issue/${id}/approve`), await open(`/issue/${id}/approve`)]
  for (const [page, name] of [
    [ada, 'Ada'],
    [bo, 'Bo'],
  ] as const) {
    await page.getByRole('textbox', { name: 'Your name' }).fill(name)
    await page.getByText('It cites no source').waitFor()
    // What others did is told by events; the second tab is to act on what it saw before.
    if (page === bo)
      await page.route('**/api/issues/*/approval', (route) =>
        route.request().method() === 'GET' ? route.abort() : route.fallback(),
      )
  }
  await ada.getByRole('button', { name: 'Approve', exact: true }).click()
  await ada.getByRole('heading', { name: /^Approved by Ada/ }).waitFor()
  await bo.getByRole('button', { name: 'Approve', exact: true }).click()
  await bo
    .getByRole('alert')
    .getByText(/Ada approved it on .*, since you looked at harbour; nothing was recorded/)
    .waitFor()
  edit('left for the hills', 'fled for the hills')
  await bo.getByRole('button', { name: 'Approve', exact: true }).click()
  await bo
    .getByRole('alert')
    .getByText(/has changed since you looked at it: the text \(one\.md\)/)
    .waitFor()
  await bo.unroute('**/api/issues/*/approval')
  await bo.reload()
  await bo.getByRole('heading', { name: /^Changed since Ada approved it/ }).waitFor()
  await bo.getByRole('button', { name: 'Approve again' }).click()
  await bo.getByRole('heading', { name: /^Approved by Bo/ }).waitFor()
  await ada.getByRole('heading', { name: /^Approved by Bo/ }).waitFor()
  await ada.close()
  await bo.close()
})

test('names, notes, titles and words that try are words on both screens', async () => {
  const tries = `<img src=x onerror="ran('img')"><script>ran('script')</script>"'>`
  bed = await openBrowserBed({
    prepare: (dir) =>
      shortIssue(dir, {
        names: ['dawn'],
        more: { title: `${tries} ${'very long '.repeat(40)}`, publisher: tries },
        text: 'A word here.',
      }),
  })
  for (const step of ['review', 'approved'])
    await bed.send('POST', `/api/issues/${id}/approval`, {
      step,
      by: tries,
      note: `${tries}\n${'w'.repeat(500)}`,
    })
  edit('A word here.', '&lt;script&gt;ran(1)&lt;/script&gt; [a word](https://evil.test/?q=%3Cscript%3E).')
  for (const screen of ['approve', 'compare']) {
    const page = await bed.browser.newPage({ viewport: { width: 800, height: 900 } })
    const watch = await noScriptRan(page)
    await page.goto(`${bed.url}/issue/${id}/${screen}`)
    await page.locator('ins').first().waitFor()
    await axe(page)
    watch.check()
    await page.close()
  }
})

test('what blocks is named with its place, and nothing can be approved until it is mended', async () => {
  bed = await openBrowserBed({ prepare: (dir) => shortIssue(dir, { text: 'It sank [@nobody-knows].' }) })
  const page = await open(`/issue/${id}/approve`)
  const blocking = page.locator('.approve .notice', { hasText: '1 thing to mend before it can go out.' })
  await blocking.getByRole('link', { name: /nobody-knows/ }).waitFor()
  expect(await page.getByRole('button', { name: 'Approve', exact: true }).isDisabled()).toBe(true)
  await axe(page)
  edit('[@nobody-knows]', '[@dawn]')
  await expect
    .poll(() => page.getByRole('button', { name: 'Approve', exact: true }).isEnabled(), { timeout: 10_000 })
    .toBe(true)
  await page.close()
})
