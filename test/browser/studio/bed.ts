import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { openBed, type BedOptions, type StudioBed } from '../../studio/bed.ts'
import { serious } from '../axe.ts'
import { shareBrowser, type Browsing } from '../chromium.ts'
import { tellOnFailure } from './story.ts'

/** The widths that an editor's windows have, in CSS pixels. */
export const widths = [1440, 800] as const

export interface BrowserBed extends StudioBed {
  readonly browser: Browsing
  /** A page of its own session at this path; what goes wrong in it fails `close`. */
  open(path: string, options?: { readonly width?: number; readonly dark?: boolean }): Promise<Page>
}

/** A studio and a Chromium that looks at it. */
export async function openBrowserBed(options: BedOptions = {}): Promise<BrowserBed> {
  const bed = await openBed(options)
  const browser = await shareBrowser()
  const faults: string[] = []
  return {
    ...bed,
    browser,
    async open(path, { width = 1440, dark = false } = {}) {
      const page = await browser.newPage({
        viewport: { width, height: 900 },
        colorScheme: dark ? 'dark' : 'light',
      })
      // On a busy machine, too: what comes is not waited for.
      page.setDefaultTimeout(30_000)
      page.on('pageerror', (error) => faults.push(`${path}: ${error.message}`))
      page.on('console', (message) => {
        // A refused request (404, 409) is an answer, and a script that the sandbox stops is what it is for; a policy that
        // was broken, or a fault of ours, is not.
        const isExpected = /^(?:Failed to load resource|Blocked script execution in '[^']*\/frame\/)/
        if (message.type() === 'error' && !isExpected.test(message.text()))
          faults.push(`${path}: ${message.text()}`)
      })
      tellOnFailure(page)
      await page.goto(bed.url + path)
      return page
    },
    async close() {
      await browser.close()
      await bed.close()
      expect(faults).toEqual([])
    },
  }
}

/**
 * Fails on what axe calls serious or critical, and where the page scrolls sideways. What stands in frames is the
 * mail's own, tested where it is made.
 */
export async function axe(page: Page): Promise<void> {
  const found = [...(await serious(page, { frames: false }))]
  const [content, window] = await page.evaluate<[number, number]>(
    '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
  )
  if (content > window) found.push(`scrolls sideways: ${content} > ${window}`)
  expect(found).toEqual([])
}

/**
 * Watches a page that is about to show something hostile; `check` fails when a script of it ran, a dialog
 * opened or another machine was asked. Hostile text calls `ran('where')`.
 */
export async function noScriptRan(page: Page): Promise<{ check(): void }> {
  const ran: string[] = []
  await page.exposeFunction('ran', (what: unknown) => ran.push(`ran(${String(what)})`))
  page.on('dialog', (dialog) => {
    ran.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url())
    if (protocol !== 'data:' && protocol !== 'about:' && hostname !== '127.0.0.1')
      ran.push(`request: ${request.url()}`)
  })
  return { check: () => expect(ran).toEqual([]) }
}
