import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrowserBed, type BrowserBed } from './bed.ts'

/** A longer task is one that a writer feels, in milliseconds (W3C Long Tasks, section 1). */
const FELT_MS = 50

/** A brief of so many sections, each of three paragraphs. */
function briefOf(sections: number): string {
  const paragraph =
    'The council closed the gates at noon, and the harbour master left the town by the evening ferry. '.repeat(
      5,
    )
  const section = (_: unknown, at: number): string =>
    `## Section ${at + 1}\n\n${Array(3).fill(paragraph.trim()).join('\n\n')}`
  const body = Array.from({ length: sections }, section).join('\n\n')
  return `---\ntitle: The gates\nstandfirst: What was seen on the quay.\nnewsletter: weekly\ndate: 2025-11-14\nstatus: draft\n---\n\n${body}\n`
}

let bed: BrowserBed
beforeAll(async () => {
  bed = await openBrowserBed({
    async prepare(dir) {
      await mkdir(join(dir, 'briefs'), { recursive: true })
      await writeFile(join(dir, 'briefs/long.md'), briefOf(20))
      await writeFile(join(dir, 'briefs/short.md'), briefOf(1))
    },
  })
})
afterAll(() => bed.close())

/**
 * Types 200 characters, and more until the mail was drawn anew, and gives what each took of the page’s scripts and layout: in time of its thread, so that it is
 * the same however busy the machine is. Milliseconds.
 */
async function costs(page: Page, isDrawn: () => Promise<boolean>): Promise<readonly number[]> {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  const spent = async (): Promise<number> => {
    const { metrics } = await session.send('Performance.getMetrics')
    return metrics
      .filter(({ name }) => name === 'ScriptDuration' || name === 'LayoutDuration')
      .reduce((sum, { value }) => sum + value * 1_000, 0)
  }
  const taken: number[] = []
  let before = await spent()
  for (let at = 0; at < 200 || (at < 5_000 && !(await isDrawn())); at++) {
    await page.keyboard.type('the gates '.charAt(at % 10))
    const now = await spent()
    taken.push(now - before)
    before = now
  }
  return taken
}

test('no key typed into a brief of twenty sections, with its mail beside it, is felt', async () => {
  const worst: number[] = []
  for (const issue of ['short', 'long']) {
    const page = await bed.open(`/issue/${issue}/draft`)
    const frame = page.locator('.panes.two iframe')
    await frame.contentFrame().getByText('The council closed the gates').first().waitFor()
    await page.locator('.draft-editor .cm-content').focus()
    await page.keyboard.press('Control+End')
    await page.keyboard.type('It begins. ')
    const first = await frame.getAttribute('data-src')
    const each = await costs(page, async () => (await frame.getAttribute('data-src')) !== first)
    worst.push(Math.max(...each))
    await page.close()
  }
  const [short = 0, long = Infinity] = worst
  expect(long).toBeLessThan(FELT_MS + short)
}, 120_000)
