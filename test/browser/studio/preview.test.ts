import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FrameLocator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseAddress } from '../../../src/subscribers/address.ts'
import { axe, noScriptRan, openBrowserBed, widths, type BrowserBed } from './bed.ts'

const id = '2025-w46'
const talks = `briefs/${id}/istanbul-talks.md`

let bed: BrowserBed
beforeAll(async () => {
  bed = await openBrowserBed({ threads: true, prepare: addHostileLook })
  await bed.ask(`/api/issues/${id}/preview`)
  for (const [text, name] of [
    ['grace.hopper@example.org', 'Grace Hopper'],
    ['xss@example.org', '<img src=x onerror="ran(1)"><script>ran(2)</script>'],
  ] as const) {
    const address = parseAddress(text)
    if (address.ok)
      await bed.app.subscribers.add({
        ...{
          address: address.value,
          name,
          tier: 'member',
          newsletter: 'weekly',
          source: 'test',
          again: false,
        },
      })
  }
})
afterAll(() => bed.close())

/** On a busy machine, too. */
const soon = <Value>(ask: () => Value | Promise<Value>) => expect.poll(ask)

/** A look whose mails have elements that stand in the place of what a document should have there. */
async function addHostileLook(dir: string): Promise<void> {
  const look = join(dir, 'templates', 'hostile')
  const footer = join('email', 'partials', 'footer.hbs')
  await mkdir(join(look, 'email', 'partials'), { recursive: true })
  await writeFile(join(look, 'look.yaml'), 'extends: weekly\n')
  const names = [
    'body',
    'head',
    'documentElement',
    'querySelectorAll',
    'addEventListener',
    'defaultView',
    'createElement',
  ]
  const clobbering = names.map((name) => `<img name="${name}" alt="">`).join('')
  const form = '<form><input name="closest"><input name="getAttribute"><a href="#s3">[3] hostile</a></form>'
  const own = await readFile(join(dir, 'templates', 'weekly', footer), 'utf8')
  const hostile = `<mj-section><mj-column><mj-text>${clobbering}${form}</mj-text></mj-column></mj-section>`
  await writeFile(join(look, footer), `${hostile}\n${own}`)
}

async function open(query = '', width = 1440): Promise<Page> {
  const page = await bed.open(`/issue/${id}/preview${query}`, { width })
  page.setDefaultTimeout(20_000)
  await inMail(page).getByRole('heading', { name: 'Talks end in Istanbul' }).waitFor()
  return page
}

const inMail = (page: Page): FrameLocator => page.frameLocator('.preview-sheet iframe:not(.coming)').first()
const css = (page: Page, selector: string, property: string): Promise<string> =>
  page.evaluate(`(() => {
    const { contentWindow, contentDocument } = document.querySelector('.preview-sheet iframe:not(.coming)')
    return contentWindow.getComputedStyle(contentDocument.querySelector('${selector}')).getPropertyValue('${property}')
  })()`)
/**
 * Where a text of the mail begins, in view. Not by a locator: what Playwright puts into a frame to find things listens there, and
 * each click would be told as a script that the frame's policy has blocked.
 */
const pointOf = (page: Page, words: string): Promise<{ readonly x: number; readonly y: number } | null> =>
  page.evaluate(`(() => {
    const frame = document.querySelector('.preview-sheet iframe:not(.coming)')
    const mail = frame?.contentDocument
    if (mail === null || mail === undefined) return null
    const walker = mail.createTreeWalker(mail.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const at = node.data.indexOf('${words}')
      if (at < 0) continue
      node.parentElement.scrollIntoView({ block: 'center' })
      const range = mail.createRange()
      range.setStart(node, at + 3)
      range.setEnd(node, at + 4)
      const [word, box] = [range.getBoundingClientRect(), frame.getBoundingClientRect()]
      const scale = box.width / frame.offsetWidth
      return { x: box.left + (word.left + 1) * scale, y: box.top + (word.top + word.height / 2) * scale }
    }
    return null
  })()`)
const query = (page: Page): string => new URL(page.url()).search
const scrolled = (page: Page): Promise<number> =>
  page.evaluate("document.querySelector('.preview-sheet iframe:not(.coming)')?.contentWindow?.scrollY ?? -1")
const scrollTo = (page: Page, top: number): Promise<unknown> =>
  page.evaluate(
    `document.querySelector('.preview-sheet iframe:not(.coming)')?.contentWindow?.scrollTo(0, ${top})`,
  )
const frameWidth = (page: Page): Promise<number> =>
  page.evaluate(
    "document.querySelector('.preview-sheet iframe:not(.coming)')?.contentWindow?.innerWidth ?? 0",
  )

async function changed(change: (text: string) => string): Promise<() => Promise<void>> {
  const file = join(bed.dir, talks)
  const before = await readFile(file, 'utf8')
  await writeFile(file, change(before))
  return () => writeFile(file, before)
}

test.each(widths)(
  'every choice is made by keyboard, is seen in the frame, and stands in the address, at %i px',
  async (width) => {
    const page = await open('', width)
    const choose = async (label: string, value: string): Promise<void> => {
      await page.getByRole('combobox', { name: label, exact: true }).focus()
      await page.getByRole('combobox', { name: label, exact: true }).selectOption(value)
    }
    await choose('Width', '375')
    await soon(() => frameWidth(page)).toBe(375)
    await page.getByRole('slider', { name: 'Width of the reader’s window' }).focus()
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('Shift+ArrowLeft')
    await soon(() => frameWidth(page)).toBe(364)
    await choose('Width', '1024')
    await soon(() => frameWidth(page)).toBe(1024)
    if (width === 800) await page.getByText(/drawn at \d\d % to fit/).waitFor()
    await choose('Width', '600')

    const light = await css(page, 'body', 'background-color')
    await choose('Colours', 'dark')
    await soon(() => css(page, 'body', 'background-color')).toBe('rgb(16, 15, 13)')
    await choose('Colours', 'forced')
    await soon(() => css(page, 'body', 'background-color')).not.toBe('rgb(16, 15, 13)')
    expect(await css(page, 'body', 'background-color')).not.toBe(light)
    await page.getByText('dark by a model').waitFor()

    await page.getByText('More', { exact: true }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('checkbox', { name: 'Images off' }).focus()
    await page.keyboard.press('Space')
    await page.getByRole('checkbox', { name: 'Text at 200 %' }).focus()
    await page.keyboard.press('Space')
    await page.keyboard.press('Escape')
    await soon(() => css(page, 'h1', 'font-size')).toBe('68px')
    expect(await inMail(page).locator('img[src]').count()).toBe(0)
    await page.getByText('More: images off, text at 200 %').waitFor()

    await page.getByRole('button', { name: 'Member', exact: true }).focus()
    await page.keyboard.press('Enter')
    await inMail(page).getByText('Members').first().waitFor()
    expect(query(page)).toBe('?tier=member&colours=forced&images=off&text=200')
    await axe(page)
    await page.reload()
    await soon(() => css(page, 'h1', 'font-size')).toBe('68px')
    expect(query(page)).toBe('?tier=member&colours=forced&images=off&text=200')
    await page.close()
  },
)

test('the picture is made once, however late the names of its readers come', async () => {
  const page = await bed.browser.newPage()
  const frames: string[] = []
  page.on('request', (request) => {
    if (request.url().includes('/frame/')) frames.push(request.url())
  })
  const names = Promise.withResolvers<void>()
  await page.route('**/api/shelf', async (route) => {
    await names.promise
    await route.continue()
  })
  await page.goto(`${bed.url}/issue/${id}/preview`)
  const picture = page.locator('.preview-sheet iframe')
  await picture.contentFrame().getByRole('heading', { level: 1 }).waitFor()
  const before = await picture.getAttribute('title')
  names.resolve()
  await soon(() => picture.getAttribute('title')).not.toBe(before)
  expect(frames).toHaveLength(1)
  await page.close()
})

test.each(widths)('a real subscriber is found by name, and the mail is theirs, at %i px', async (width) => {
  const page = await open('', width)
  await page.getByRole('combobox', { name: 'As' }).focus()
  await page.keyboard.press('ArrowDown')
  await page.getByRole('option', { name: /Freifrau/ }).waitFor()
  await page.keyboard.type('hopper')
  await soon(() => page.locator('[role=option]').allTextContents()).toHaveLength(1)
  await axe(page)
  await page.keyboard.press('Enter')
  await inMail(page).getByText('grace.hopper@example.org').waitFor()
  expect(query(page)).toMatch(/^\?tier=member&reader=[a-z2-7]{20}$/)
  expect(query(page)).not.toContain('hopper')
  await page.getByRole('button', { name: 'Public', exact: true }).click()
  await page.getByText('they do not get this edition').waitFor()
  await page.getByRole('combobox', { name: 'As' }).focus()
  await page.keyboard.type('nobody at all')
  await page.getByText('Nobody on the list has “nobody at all”').waitFor()
  await page.keyboard.press('Escape')
  expect(await page.getByRole('combobox', { name: 'As' }).inputValue()).toBe('Grace Hopper')
  await page.close()
})

test.each(widths)(
  'a number in brackets shows its source, to the pointer and to the keyboard, at %i px',
  async (width) => {
    const page = await open('', width)
    const third = inMail(page).getByRole('link', { name: '[3]', exact: true }).first()
    await third.hover()
    const card = page.locator('.preview-card')
    await card.getByText('Al Jazeera').waitFor()
    await card.getByText('The Taliban government in Afghanistan denies these allegations.').waitFor()
    // The pointer can come to the card.
    await card.hover()
    const link = card.getByRole('link', { name: 'Open at www.aljazeera.com' })
    expect(await link.getAttribute('rel')).toBe('noopener noreferrer')
    await axe(page)
    await page.mouse.move(5, 5)
    await card.waitFor({ state: 'detached' })
    await third.focus()
    await card.getByText('Al Jazeera').waitFor()
    await page.getByRole('status').getByText('Source 3: ').waitFor({ state: 'attached' })
    await page.keyboard.press('Escape')
    await card.waitFor({ state: 'detached' })
    await page.close()
  },
)

test('a click on a sentence selects it in the draft beside, and the cursor there lights its passage', async () => {
  const page = await bed.open(`/issue/${id}/draft`)
  await soon(() => pointOf(page, 'No fourth round was planned')).not.toBe(null)
  const { x, y } = (await pointOf(page, 'No fourth round was planned')) ?? { x: 0, y: 0 }
  await page.mouse.click(x, y)
  await soon(() => page.evaluate<string>('getSelection().toString().replace(/\\s+/g, " ")')).toMatch(
    /^No fourth round was planned, he said, and Kabul had been unwilling/,
  )
  await page.keyboard.press('Control+Home')
  await page.keyboard.press('Control+End')
  const lit = (): Promise<string> => page.locator('.preview-place').innerText()
  await soon(lit).toMatch(/^istanbul-talks.md, line \d\d+$/)
  expect(await scrolled(page)).toBeGreaterThan(1_000)
  await page.getByText('More', { exact: true }).click()
  await page.getByRole('checkbox', { name: 'Follow the cursor in the draft' }).uncheck()
  await page.mouse.move(5, 5)
  const before = await lit()
  await page.locator('.cm-content').focus()
  await page.keyboard.press('Control+Home')
  await page.keyboard.press('ArrowDown')
  expect(await lit()).toBe(before)
  await page.getByText('More', { exact: true }).click()
  await page.getByRole('checkbox', { name: 'Follow the cursor in the draft' }).check()
  await page.close()
})

test('at 800 px passages are gone through by keys, and one of them leads to its line', async () => {
  const page = await open('', 800)
  await inMail(page).getByRole('link', { name: '[1]', exact: true }).first().focus()
  for (const key of ['j', 'j', 'k', 'j']) await page.keyboard.press(key)
  const place = await page.locator('.preview-place').innerText()
  expect(place).toMatch(/\.md, line \d+$/)
  await page.keyboard.press('e')
  await page.locator('.cm-content').waitFor()
  expect(new URL(page.url()).pathname).toBe(`/issue/${id}/draft`)
  const line = Number(/\d+$/.exec(place)?.[0])
  await soon(() => page.evaluate('document.activeElement.className')).toContain('cm-content')
  const written = (await readFile(join(bed.dir, talks), 'utf8')).split('\n')[line - 1] ?? ''
  const under = "getSelection().focusNode.parentElement.closest('.cm-line').textContent"
  if (place.startsWith('istanbul-talks')) expect(await page.evaluate(under)).toBe(written)
  // What was chosen is still so on the way back.
  await page.goBack()
  await inMail(page).getByRole('heading', { name: 'Talks end in Istanbul' }).waitFor()
  await page.close()
})

test('a save keeps the place that is read and changes the words in one go', async () => {
  const page = await open('?width=375')
  await scrollTo(page, 1_500)
  const undo = await changed((text) => text.replace('ended in Istanbul without', 'ended in Ankara without'))
  await inMail(page).getByText('ended in Ankara without').waitFor()
  expect(await scrolled(page)).toBe(1_500)
  // Its own styles hold in the newer one, too.
  expect(await css(page, '.sheet', 'background-color')).toBe('rgb(255, 254, 251)')
  expect(await page.locator('.preview-sheet iframe').count()).toBe(1)
  await page.getByRole('combobox', { name: 'Colours', exact: true }).selectOption('dark')
  await soon(() => css(page, 'body', 'background-color')).toBe('rgb(16, 15, 13)')
  expect(await scrolled(page)).toBe(1_500)
  await undo()
  await inMail(page).getByText('ended in Istanbul without').waitFor()
  // So it is after a look at something else, and when the page itself is loaded again.
  await page.getByRole('tab', { name: 'Text' }).click()
  await page.getByRole('tab', { name: 'Mail' }).click()
  await soon(() => scrolled(page)).toBe(1_500)
  await page.reload()
  await soon(() => scrolled(page)).toBe(1_500)
  await page.close()
})

test.each(widths)(
  'a broken draft keeps the last good picture, marked stale with its lines, at %i px',
  async (width) => {
    const page = await open('', width)
    const undo = await changed((text) =>
      text.replace('The third round of talks', ':::members\nThe third round of talks'),
    )
    await page.getByText('Stale: the draft has errors').click()
    await page.locator('.preview-stale li', { hasText: 'istanbul-talks.md, line' }).first().waitFor()
    await inMail(page).getByText('The third round of talks').waitFor()
    await axe(page)
    await undo()
    await page.getByText('Stale: the draft has errors').waitFor({ state: 'detached' })
    await page.close()
  },
)

test.each(widths)(
  'Gmail’s line is drawn where it stops, and sections lead to their places, at %i px',
  async (width) => {
    const page = await open('', width)
    await page.getByText('71 KB of HTML, of the 100 KB that Gmail shows').focus()
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Sources' }).focus()
    await page.keyboard.press('Enter')
    await soon(() => scrolled(page)).toBeGreaterThan(3_000)
    await axe(page)
    const undo = await changed(
      (text) =>
        `${text}\n${`${'A quarrel of two rooms goes on and on without an end. '.repeat(12)}\n\n`.repeat(80)}`,
    )
    await page.getByText(/KB of HTML: Gmail stops at 100 KB, in “/).waitFor()
    await page.getByRole('button', { name: 'Show the line' }).click()
    const line = inMail(page).getByText('Gmail stops here, at 100 KB')
    await line.waitFor()
    const [box, frame] = [await line.boundingBox(), await page.locator('.preview-sheet').boundingBox()]
    expect(box?.y).toBeGreaterThan(frame?.y ?? 0)
    expect(box?.y).toBeLessThan((frame?.y ?? 0) + (frame?.height ?? 0))
    await undo()
    await page.getByText('71 KB of HTML, of the 100 KB that Gmail shows').waitFor()
    await line.waitFor({ state: 'hidden' })
    await page.close()
  },
)

test.each(widths)('inbox, text, reading order and source are there by keyboard, at %i px', async (width) => {
  const page = await open('', width)
  await page.getByRole('tab', { name: 'Mail' }).focus()
  const next = async (name: string): Promise<void> => {
    await page.keyboard.press('ArrowRight')
    await page.getByRole('tab', { name, selected: true }).waitFor()
  }
  await next('Web page')
  await inMail(page).getByRole('heading', { name: 'Talks end in Istanbul' }).waitFor()
  await next('Inbox')
  await page
    .getByRole('region', { name: 'Outlook, on a computer' })
    .getByText('Subject: 31 of 36 letters.')
    .waitFor()
  await axe(page)
  await next('Text')
  await page.getByText('a.reader.of.ours@example.org is subscribed').first().waitFor()
  await page.getByRole('checkbox', { name: 'Letters of one width' }).focus()
  await page.keyboard.press('Space')
  await axe(page)
  await page.getByRole('tab', { name: 'Text' }).focus()
  await next('Reading order')
  await page.getByText('heading level 1').waitFor()
  await axe(page)
  await next('Source')
  await page.getByText('How to get off the list').waitFor()
  await page.getByText('multipart/alternative', { exact: true }).waitFor()
  await axe(page)
  const coming = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Download .eml' }).click()
  expect((await coming).suggestedFilename()).toBe(`${id}.eml`)
  await page.getByRole('tab', { name: 'Source' }).focus()
  await page.keyboard.press('Home')
  await page.getByRole('tab', { name: 'Reading order' }).click()
  await page.getByRole('button', { name: /^Line 12 of .*issue\.md/ }).focus()
  await page.keyboard.press('Enter')
  await page.locator('.cm-content').waitFor()
  await page.close()
})

test('another look is seen, compared side by side, and written into the issue’s file', async () => {
  const page = await open()
  await page.getByRole('combobox', { name: 'Look', exact: true }).selectOption('flash')
  await soon(() => css(page, 'h1', 'font-size')).not.toBe('34px')
  await page.getByText('More', { exact: true }).click()
  await page.getByRole('combobox', { name: 'Beside it, in another look' }).selectOption('weekly')
  const beside = page.frameLocator('.preview-picture:nth-child(2) iframe')
  await beside.getByRole('heading', { name: 'Talks end in Istanbul' }).waitFor()
  // Whoever reads one reads the same words in the other, to the end of both.
  const frames = `[...document.querySelectorAll('.preview-picture iframe')]`
  const tops = (): Promise<number[]> =>
    page.evaluate(`${frames}.map(({ contentWindow: view, contentDocument: { documentElement: root } }) =>
      Math.round((view.scrollY / (root.scrollHeight - view.innerHeight)) * 100))`)
  const scroll = (place: number, part: number): Promise<void> =>
    page.evaluate(`{
      const { contentWindow: view, contentDocument: { documentElement: root } } = ${frames}[${place}]
      view.scrollTo(0, root.scrollHeight * ${part})
    }`)
  await scroll(0, 1)
  await expect.poll(tops).toEqual([100, 100])
  await scroll(1, 0)
  await expect.poll(tops).toEqual([0, 0])
  await scroll(1, 0.3)
  await expect.poll(async () => (await tops()).every((each) => each > 10 && each < 70)).toBe(true)
  for (const foot of await page.locator('.preview-foot').all())
    expect(
      await foot.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth),
    ).toBeLessThanOrEqual(0)
  await axe(page)
  const file = join(bed.dir, 'briefs', id, 'issue.md')
  const before = await readFile(file, 'utf8')
  expect(before).toContain('template: weekly')
  await page.getByRole('button', { name: 'Use flash for this issue' }).click()
  await page.getByText('The issue is made in flash from now on.').waitFor()
  expect(await readFile(file, 'utf8')).toBe(before.replace('template: weekly', 'template: flash'))
  await page.getByRole('option', { name: 'flash (own)' }).waitFor({ state: 'attached' })
  await writeFile(file, before)
  await page.close()
})

test('nothing of a hostile name runs, and an address that is wrong shows what is usual', async () => {
  const page = await open()
  const watch = await noScriptRan(page)
  await page.getByRole('combobox', { name: 'As' }).focus()
  await page.keyboard.type('xss@')
  await page.getByRole('option', { name: /onerror/ }).waitFor()
  await page.keyboard.press('Enter')
  await inMail(page).getByText('xss@example.org').waitFor()
  await page.goto(
    `${bed.url}/issue/${id}/preview?width=99999&tier=x&look=..%2F..&colours=javascript:&show=evil`,
  )
  await inMail(page).getByRole('heading', { name: 'Talks end in Istanbul' }).waitFor()
  expect(query(page)).toBe('?width=1600')
  await page.goto(`${bed.url}/issue/${id}/preview?reader=aaaaaaaaaaaaaaaaaaaa`)
  await page.getByText('This reader is not there any more.').waitFor()
  await page.getByRole('button', { name: /^Back to the sample reader/ }).click()
  await inMail(page).getByRole('heading', { name: 'Talks end in Istanbul' }).waitFor()
  watch.check()
  await page.close()
})

test('a mail whose elements bear the names of a document’s own methods is listened to like any other', async () => {
  // Not by locators, which such names break.
  const page = await bed.open(`/issue/${id}/preview?look=hostile&images=off`)
  const frame = "document.querySelector('.preview-sheet iframe:not(.coming)')"
  const words = (): Promise<string> =>
    page.evaluate(`(() => {
      const mail = ${frame}?.contentDocument
      return mail ? Reflect.get(Document.prototype, 'documentElement', mail).textContent : ''
    })()`)
  await soon(words).toContain('[3] hostile')
  expect(await page.evaluate(`typeof ${frame}.contentDocument.querySelectorAll`)).toBe('object')
  // Pointed at again, should the frame have been drawn anew meanwhile, or its numbers have come since.
  const pointed = async (): Promise<boolean> => {
    await page.mouse.move(1, 1)
    const { x, y } = await page.evaluate<{ x: number; y: number }>(`(() => {
      const [link] = Reflect.apply(Document.prototype.querySelectorAll, ${frame}.contentDocument, ['form a'])
      link.scrollIntoView({ block: 'center' })
      link.blur()
      link.focus()
      const [box, outer] = [link.getBoundingClientRect(), ${frame}.getBoundingClientRect()]
      return { x: outer.left + box.left + 5, y: outer.top + box.top + 5 }
    })()`)
    await page.mouse.move(x, y)
    const card = page.locator('.preview-card')
    return card.waitFor({ timeout: 2_000 }).then(
      () => true,
      () => false,
    )
  }
  await expect.poll(pointed).toBe(true)
  await page.locator('.preview-card').getByText('Al Jazeera').waitFor()
  await page.keyboard.press('j')
  await soon(() => page.locator('.preview-place').innerText()).toMatch(/line \d+$/)
  const undo = await changed((text) => text.replace('ended in Istanbul without', 'ended in Izmir without'))
  await soon(words).toContain('ended in Izmir without')
  await undo()
  await page.close()
})
