import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addPeople } from '../../delivery/people.ts'
import { openBrowserBed, widths, type BrowserBed } from './bed.ts'

const issue = '2025-w46'
let bed: BrowserBed

beforeAll(async () => {
  bed = await openBrowserBed({ threads: true })
  await addPeople(bed.app.subscribers, 12, 'reader', ['example.org'])
  await bed.send('POST', `/api/issues/${issue}/test`, { to: 'ada@mail.example', tier: 'member' })
})
afterAll(() => bed.close())

/** What can be used, each once: of a group of radio buttons the one that Tab reaches. */
const usable = `(() => {
  const seen = (each) => {
    const box = each.getBoundingClientRect()
    const isShown = each.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true })
    return isShown && box.width > 0 && box.height > 0 && each.closest('[inert]') === null
  }
  const all = 'a[href], button, input, select, textarea, summary, [tabindex], [contenteditable="true"]'
  return [...document.querySelectorAll(all)].filter((each) => seen(each) && !each.disabled && each.tabIndex >= 0)
    .filter((each) => each.type !== 'radio' || each.checked || document.querySelector('input[name="' + CSS.escape(each.name) + '"]:checked') === null)
})()`

/** What has the focus, named for people, and whether one sees that it has. */
const focused = `(() => {
  const one = document.activeElement
  if (one === null || one === document.body) return null
  const isNew = one.dataset.reached !== 'yes'
  one.dataset.reached = 'yes'
  if (one.type === 'radio') for (const each of document.querySelectorAll('input[name="' + CSS.escape(one.name) + '"]')) each.dataset.reached = 'yes'
  // A row is marked as a whole, and in a text one sees the cursor.
  const seen = one.isContentEditable || [one, one.closest('label'), one.closest('li'), one.parentElement].some((each) => {
    if (each === null) return false
    return [null, '::after', '::before'].some((part) => {
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(each, part)
      return (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1) || (each === one && boxShadow !== 'none')
    })
  })
  const name = one.getAttribute('aria-label') ?? one.textContent.trim().slice(0, 40)
  return { tag: one.tagName.toLowerCase(), what: one.outerHTML.slice(0, 160), name, seen, isNew, edits: one.classList.contains('cm-content') }
})()`

interface Focused {
  readonly tag: string
  readonly what: string
  readonly name: string
  readonly seen: boolean
  /** It had no focus before in this round. */
  readonly isNew: boolean
  readonly edits: boolean
}

/** So many steps without anything new, and all that is left is out of reach; a mail in its frame has many links. */
const IN_VAIN = 200

/**
 * Goes on by Tab until everything was met, or nothing new comes any more. Where focus is nowhere (the end of the page,
 * or a list that was drawn anew) the next press goes on.
 */
async function goRound(page: Page): Promise<{ unseen: string[]; missed: string[]; steps: number }> {
  await page.evaluate(
    "document.querySelectorAll('[data-reached]').forEach((each) => delete each.dataset.reached)",
  )
  const unseen: string[] = []
  let missed: string[] = []
  let vain = 0
  let steps = 0
  for (; steps < 700 && vain < IN_VAIN; steps++) {
    await page.keyboard.press('Tab')
    const now = await page.evaluate<Focused | null>(focused)
    if (now?.isNew !== true) {
      vain++
      missed = await page.evaluate<string[]>(
        `${usable}.filter((each) => each.dataset.reached !== 'yes').map((each) => each.outerHTML.slice(0, 200))`,
      )
      if (missed.length === 0) break
    } else vain = 0
    if (now === null) continue
    if (!now.seen && now.tag !== 'iframe') unseen.push(now.what)
    // Out of the text: Escape, then Tab.
    if (now.edits) await page.keyboard.press('Escape')
  }
  return { unseen: [...new Set(unseen)], missed, steps }
}

const headingHasFocus = async (page: Page): Promise<void> => {
  await expect.poll(() => page.evaluate('document.activeElement?.tagName')).toBe('H1')
}

test.each(widths)(
  'by keyboard alone through all nine screens at %i px: everything is reached and seen, nothing traps',
  async (width) => {
    const page = await bed.open('/', { width })
    await page.locator('.issue-line a').first().waitFor()
    const wrong: Record<string, object> = {}
    const look = async (where: string): Promise<void> => {
      await expect.poll(() => page.locator('main .loading').count(), { timeout: 20_000 }).toBe(0)
      const { unseen, missed, steps } = await goRound(page)
      if (unseen.length + missed.length > 0 || steps >= 700) wrong[where] = { unseen, missed, steps }
    }
    await look('issues')

    // To the first issue, as somebody without a mouse goes.
    for (let steps = 0; steps < 60; steps++) {
      await page.keyboard.press('Tab')
      if (
        (await page.evaluate(
          'document.activeElement?.closest(".issue-line") !== null && document.activeElement?.tagName === "A"',
        )) === true
      )
        break
    }
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/draft$/u)
    await headingHasFocus(page)
    await page.locator('.cm-content').waitFor()
    await look('draft')

    for (const [key, name] of [
      ['c', 'check'],
      ['p', 'preview'],
      ['m', 'compare'],
      ['a', 'approve'],
      ['s', 'send'],
    ] as const) {
      await page.evaluate('document.activeElement?.blur()')
      await page.keyboard.press('g')
      await page.keyboard.press(key)
      await page.waitForURL(new RegExp(`/${name}$`, 'u'))
      await headingHasFocus(page)
      await page.locator('.pane > *:not(.loading)').first().waitFor()
      await look(name)
    }
    for (const [key, name] of [
      ['e', 'people'],
      ['o', 'outbox'],
    ] as const) {
      await page.evaluate('document.activeElement?.blur()')
      await page.keyboard.press('g')
      await page.keyboard.press(key)
      await page.waitForURL(new RegExp(`/${name}$`, 'u'))
      await headingHasFocus(page)
      await look(name)
    }
    expect(wrong).toEqual({})

    // A dialog takes the focus, keeps it, and gives it back.
    const keys = page.getByRole('button', { name: 'Keys' })
    await keys.focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog', { name: 'Keys' }).waitFor()
    for (let steps = 0; steps < 12; steps++) {
      await page.keyboard.press('Tab')
      expect(
        await page.evaluate(
          "document.activeElement === document.body || document.activeElement?.closest('dialog') !== null",
        ),
      ).toBe(true)
    }
    await page.keyboard.press('Escape')
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
    expect(
      await page.evaluate(
        "document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent",
      ),
    ).toMatch(/Keys|\?/u)
    await page.close()
  },
  180_000,
)
