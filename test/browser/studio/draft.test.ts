import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { axe, openBrowserBed, widths, type BrowserBed } from './bed.ts'
import { keepGround, type Ground } from './ground.ts'

const id = '2025-w46'
const talks = `briefs/${id}/istanbul-talks.md`

let bed: BrowserBed
let ground: Ground
beforeAll(async () => {
  bed = await openBrowserBed({ threads: true })
  ground = await keepGround(join(bed.dir, 'briefs', id))
})
beforeEach(async () => {
  bed.cut(null)
  await ground.restore()
})
afterAll(async () => {
  await bed.close()
  await ground.close()
})

const onDisk = (file = talks): Promise<string> => readFile(join(bed.dir, file), 'utf8')
const name = 'Text of Istanbul talks end without agreement'

/** The editor with the first brief in it, and the cursor at its end; the preview is another test's. */
async function openTalks(width = 800): Promise<Page> {
  const page = await bed.open(`/issue/${id}/draft`, { width })
  await toEnd(page)
  return page
}

async function toEnd(page: Page): Promise<void> {
  const text = page.getByRole('textbox', { name })
  await text.waitFor()
  await text.focus()
  await page.keyboard.press('Control+End')
}

const shown = (page: Page): Promise<string> => page.locator('.draft-editor .cm-content').innerText()
const saved = (page: Page): Promise<void> => page.getByText('Saved', { exact: true }).waitFor()

/** The text that steps of undo are kept of. */
function rememberedText(page: Page): Promise<string> {
  return page.evaluate<string>(`new Promise((resolve) => {
    const opening = indexedDB.open('onrecord', 1)
    opening.onsuccess = () => {
      const all = opening.result.transaction('undo').objectStore('undo').getAll()
      all.onsuccess = () => resolve(all.result.map(({ text }) => text).join('\\n'))
    }
  })`)
}

/** No save arrives, also of a page that is being left; the way to let them arrive. */
function held(): () => void {
  bed.cut(({ method, url }) => method === 'PUT' && new URL(url).pathname === '/api/file')
  return () => bed.cut(null)
}

test.each(widths)(
  'what is typed is saved and said, and axe finds nothing serious, at %i px',
  async (width) => {
    const page = await openTalks(width)
    await saved(page)
    await page.keyboard.type(`\nTyped at ${width} pixels.\n`)
    await expect.poll(() => onDisk()).toContain(`Typed at ${width} pixels.`)
    await saved(page)
    await axe(page)
    await page.emulateMedia({ colorScheme: 'dark' })
    await axe(page)
    await page.close()
  },
)

test('undo goes back beyond a reload, and no further than the text it belongs to', async () => {
  const page = await openTalks()
  const before = await onDisk()
  await page.keyboard.type('\nA sentence to take back.')
  await expect.poll(() => onDisk()).toContain('A sentence to take back.')
  await saved(page)
  await expect.poll(() => rememberedText(page)).toContain('A sentence to take back.')
  await page.reload()
  await toEnd(page)
  expect(await shown(page)).toContain('A sentence to take back.')
  await page.keyboard.press('Control+z')
  await expect.poll(() => onDisk()).toBe(before)
  await page.keyboard.press('Control+Shift+z')
  await expect.poll(() => onDisk()).toContain('A sentence to take back.')
  await saved(page)
  await page.goto('about:blank')
  const theirs = `${await onDisk()}\nAnother program was here.\n`
  await writeFile(join(bed.dir, talks), theirs)
  await page.goto(`${bed.url}/issue/${id}/draft`)
  await toEnd(page)
  await page.keyboard.press('Control+z')
  await page.keyboard.type('!')
  await expect.poll(() => onDisk()).toBe(`${theirs}!`)
  await page.close()
})

test('what another program writes is taken in where the cursor stays, and undo takes back what is one’s own', async () => {
  const page = await openTalks()
  await page.keyboard.type('Mine. ')
  await expect.poll(() => onDisk()).toContain('Mine. ')
  await saved(page)
  const text = (await onDisk()).replace('## What happened', '## What really happened')
  await writeFile(join(bed.dir, talks), text)
  await page.getByText('Changed by another program, and taken in here.').waitFor()
  await page.keyboard.type('And on.')
  await expect.poll(() => onDisk()).toBe(text.replace('Mine. ', 'Mine. And on.'))
  await page.keyboard.press('Control+z')
  await expect.poll(() => onDisk()).toContain('## What really happened')
  await page.close()
})

test('of two texts both are shown, by keyboard one is kept, and the other can be had back', async () => {
  const page = await openTalks()
  const release = held()
  await page.keyboard.type('\nWritten here.\n')
  await page.getByText('The studio does not answer. Go on writing').waitFor()
  const theirs = `${await onDisk()}\nWritten elsewhere.\n`
  await writeFile(join(bed.dir, talks), theirs)
  release()
  const question = page.getByRole('region', { name: /was changed elsewhere while you wrote/ })
  await question.waitFor()
  await expect.poll(() => question.locator('.cm-merge-a').innerText()).toContain('Written elsewhere.')
  expect(await question.locator('.cm-merge-b').innerText()).toContain('Written here.')
  expect(await onDisk()).toBe(theirs)
  await axe(page)
  await expect.poll(() => page.evaluate('document.activeElement?.tagName')).toBe('H3')
  // For a moment, in which two texts are seen first, neither can be chosen.
  await expect.poll(() => question.getByRole('button', { name: 'Take theirs' }).isEnabled()).toBe(true)
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  expect(await page.evaluate('document.activeElement?.textContent')).toBe('Take theirs')
  await page.keyboard.press('Enter')
  await saved(page)
  expect(await onDisk()).toBe(theirs)
  await page.keyboard.press('Control+z')
  await expect.poll(() => onDisk()).toContain('Written here.')
  await page.close()
})

test('two texts are merged difference by difference', async () => {
  const page = await openTalks()
  const release = held()
  await page.keyboard.type('\nA line of mine.\n')
  await page.getByText('The studio does not answer. Go on writing').waitFor()
  await writeFile(
    join(bed.dir, talks),
    (await onDisk()).replace('standfirst: The truce', 'standfirst: The fragile truce'),
  )
  release()
  await page.getByRole('button', { name: 'Put theirs here instead of mine' }).first().click()
  // What is merged by hand stays when the other program writes once more.
  const side = page.locator('.draft-merge .cm-merge-b')
  await expect.poll(() => side.innerText()).toContain('The fragile truce')
  await writeFile(join(bed.dir, talks), `${await onDisk()}\nAnother line of theirs.\n`)
  await expect
    .poll(() => page.locator('.draft-merge .cm-merge-a').innerText())
    .toContain('Another line of theirs.')
  // Both stay, by keyboard.
  await page.getByRole('button', { name: 'Take both: theirs after mine' }).last().press('Enter')
  await page.getByRole('button', { name: 'Save what I merged' }).click()
  await saved(page)
  const text = await onDisk()
  expect(text).toContain('The fragile truce')
  expect(text).toContain('A line of mine.\nAnother line of theirs.')
  await page.close()
})

test('a text that cannot be saved outlives its page', async () => {
  const page = await openTalks()
  const release = held()
  await page.keyboard.type('\nNever lost.\n')
  await page.getByText('The studio does not answer. Go on writing').waitFor()
  const dialogs: string[] = []
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.type())
    void dialog.accept()
  })
  await page.reload()
  expect(dialogs).toEqual(['beforeunload'])
  await page.getByText('The studio does not answer. Go on writing').waitFor()
  expect(await onDisk()).not.toContain('Never lost.')
  release()
  await expect.poll(() => onDisk(), { timeout: 5_000 }).toContain('Never lost.')
  await saved(page)
  await page.reload()
  expect(dialogs).toEqual(['beforeunload'])
  await page.close()
})

test('a text that a page leaves behind is waited for while that page is not quite gone', async () => {
  const window = await bed.browser.newContext()
  const page = await window.newPage()
  await page.goto(`${bed.url}/issue/${id}/draft`)
  await toEnd(page)
  const release = held()
  await page.keyboard.type('\nLeft behind.\n')
  await page.getByText('The studio does not answer. Go on writing').waitFor()
  // What a load of that page again would be, were it slow to end.
  const next = await window.newPage()
  const was = await page.evaluate<string>(`sessionStorage.getItem('onrecord.page')`)
  await next.addInitScript(`sessionStorage.setItem('onrecord.page', ${JSON.stringify(was)})`)
  const asked = next.waitForResponse((answer) => answer.url().includes('/api/file?'))
  await next.goto(page.url())
  await asked
  await next.evaluate('new Promise((done) => setTimeout(done, 1500))')
  page.on('dialog', (dialog) => void dialog.accept())
  await page.goto('about:blank')
  await next.getByText('The studio does not answer. Go on writing').waitFor()
  release()
  await expect.poll(() => onDisk(), { timeout: 10_000 }).toContain('Left behind.')
  await window.close()
})

test('a file that is removed or renamed is said to be, and its text is still there', async () => {
  const page = await openTalks()
  const before = await onDisk()
  await rm(join(bed.dir, talks))
  await page.getByRole('heading', { name: 'istanbul-talks.md was removed' }).waitFor()
  await page.getByRole('button', { name: 'Write it again' }).click()
  await expect.poll(() => onDisk()).toBe(before)
  await page.keyboard.type('More. ')
  await expect.poll(() => onDisk()).toContain('More. ')
  await saved(page)
  const renamed = talks.replace('istanbul-talks', 'talks-in-istanbul')
  await rename(join(bed.dir, talks), join(bed.dir, renamed))
  await page.keyboard.type('Since then. ')
  await page.getByRole('heading', { name: 'istanbul-talks.md is called talks-in-istanbul.md now' }).waitFor()
  await axe(page)
  await page.getByRole('button', { name: 'Open the renamed file' }).click()
  await expect.poll(() => onDisk(renamed)).toContain('Since then. ')
  await toEnd(page)
  await page.keyboard.type('Goes on.')
  await expect.poll(() => onDisk(renamed)).toContain('Goes on.')
  await rename(join(bed.dir, renamed), join(bed.dir, talks))
  await page.close()
})

test('by keyboard alone: into the text, its search, a list, and out again', async () => {
  const page = await openTalks()
  await page.keyboard.type('\n- one')
  await page.keyboard.press('Enter')
  await page.keyboard.type('two')
  await expect.poll(() => onDisk()).toContain('- one\n- two')
  await page.keyboard.press('Control+f')
  await page.keyboard.type('Islamabad')
  await page.keyboard.press('Enter')
  await page
    .getByRole('status')
    .getByText(/^\d+ of \d+$/u)
    .waitFor()
  await axe(page)
  await page.keyboard.press('Escape')
  await page.keyboard.press('Tab')
  expect(await page.evaluate('document.activeElement?.classList.contains("cm-content")')).toBe(true)
  await page.keyboard.press('Escape')
  await page.keyboard.press('Shift+Tab')
  expect(await page.evaluate('document.activeElement?.classList.contains("cm-content")')).toBe(false)
  await page.close()
})

test('a new brief is made from the editor, and opens', async () => {
  const page = await openTalks()
  await page.getByRole('button', { name: 'New brief' }).click()
  await page.getByRole('textbox', { name: 'Title' }).fill('What the mediators say')
  await page.keyboard.press('Enter')
  await page.getByRole('textbox', { name: 'Text of What the mediators say' }).waitFor()
  // What is to be written over is selected: whoever begins to write does so there.
  await expect.poll(() => page.evaluate('String(getSelection())')).toMatch(/^Write here\./)
  await page.keyboard.type('Nobody signed.')
  await expect.poll(() => onDisk(`briefs/${id}/what-the-mediators-say.md`)).toMatch(/\n\nNobody signed\.\n$/)
  expect(await onDisk(`briefs/${id}/issue.md`)).toContain('what-the-mediators-say]')
  await page.close()
})

test('two tabs and another program on one file: of 40 random edits none is lost without being shown', async () => {
  // Short enough to be on the screen as a whole: what is shown is what is on it.
  const head = /^---\n[^]*?\n---\n/.exec(await onDisk())?.[0] ?? ''
  await writeFile(join(bed.dir, talks), `${head}\nOne line.\n\nAnother line.\n`)
  const pages = [await openTalks(), await openTalks()]
  const random = seeded(7)
  const shownTokens = new Set<string>()
  const tokens: string[] = []
  const choose = async (page: Page): Promise<boolean> => {
    if (!(await page.locator('.draft-conflict').isVisible())) return false
    const chosen = ['Keep mine', 'Take theirs'][random(2)]
    // Read and chosen in one moment: the other page may save meanwhile, and then it is another question. What is
    // folded away is the same on both sides, and so in the one that is kept.
    const read = (): Promise<string | null> =>
      page.evaluate<string | null>(`(() => {
        const question = document.querySelector('.draft-conflict')
        if (question === null) return ''
        const button = [...question.querySelectorAll('button')].find((each) => each.textContent === '${chosen}')
        if (button === undefined || button.disabled || question.querySelector('.cm-merge-b') === null) return null
        const text = question.innerText
        button.click()
        return text
      })()`)
    await expect
      .poll(async () => {
        const text = await read()
        for (const token of tokensIn(text ?? '')) shownTokens.add(token)
        return text
      })
      .not.toBe(null)
    return true
  }
  while (tokens.length < 40) {
    const token = tokenOf(tokens.length)
    const page = pages[random(2)]
    if (page === undefined || (await choose(page))) continue
    tokens.push(token)
    if (random(4) === 0) {
      const before = await onDisk()
      await writeFile(join(bed.dir, talks), `${before.trimEnd()} ${token}\n`)
    } else {
      await page.locator('.draft-editor .cm-content').focus()
      await page.keyboard.press('Control+End')
      for (let line = random(4); line > 0; line--) await page.keyboard.press('ArrowUp')
      await page.keyboard.type(token)
      // Two texts may have come up in the meantime; then nothing was typed.
      const own = await page.locator('.draft-editor .cm-content').evaluate((node) => node.textContent)
      if (!own.includes(token)) tokens.pop()
    }
  }
  await expect
    .poll(
      async () => {
        for (const page of pages) await choose(page)
        return await Promise.all(pages.map((page) => page.locator('.draft-state').innerText()))
      },
      { timeout: 15_000, interval: 300 },
    )
    .toEqual(['Saved', 'Saved'])
  const text = await onDisk()
  expect(tokens.filter((token) => !text.includes(token) && !shownTokens.has(token))).toEqual([])
  for (const page of pages) await page.close()
}, 60_000)

/** One character each, so that nothing that is typed falls into the middle of one. */
function tokenOf(at: number): string {
  return String.fromCharCode(0x4e00 + at)
}

function tokensIn(text: string): readonly string[] {
  return text.match(/[\u4e00-\u4e7f]/g) ?? []
}

/** A linear congruential generator: the same for the same seed. */
function seeded(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return Math.floor((state / 0x80000000) * below)
  }
}
