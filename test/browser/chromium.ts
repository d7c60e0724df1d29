import { existsSync } from 'node:fs'
import { chromium, type Browser, type BrowserContext } from 'playwright-core'

const candidates = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** The machine's Chromium: `CHROMIUM`, or where systems usually put it; null when there is none. */
export function findChromium(): string | null {
  return (
    [process.env['CHROMIUM'] ?? '', ...candidates].find((path) => path !== '' && existsSync(path)) ?? null
  )
}

/**
 * What a test has no use for: first what Playwright turns off, whose switch this one takes the place of; then the list
 * below the address bar, which nobody sees and which is a page of its own beside each page, half a second of work.
 */
const unused = [
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'LensOverlay',
  'MediaRouter',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'TcpPortRandomizationWin',
  'OptimizationHints',
  'NetworkTimeServiceQuerying',
  'AimEnabled',
  'PreconnectToSearch',
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
]

const launched = (more: readonly string[]) => {
  const executablePath = findChromium()
  if (executablePath === null) throw new Error('There is no Chromium; “npm test” says how to get one.')
  return {
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      `--disable-features=${unused.join()}`,
      ...more,
    ],
  }
}

/** Starts it headless with an empty profile, and with `more` arguments; the caller closes it. */
export async function openBrowser(more: readonly string[] = []): Promise<Browser> {
  return chromium.launch(launched(more))
}

/**
 * The same with a profile in `folder`, as people have one: only there a browser looks names up ahead and connects before it is
 * asked to, as a page wishes; the sessions of `openBrowser` never do.
 */
export async function openProfile(folder: string, more: readonly string[] = []): Promise<BrowserContext> {
  return chromium.launchPersistentContext(folder, {
    ...launched(more),
    viewport: { width: 1440, height: 900 },
  })
}

/** What a test takes of a browser: pages and sessions; `close` ends those that it opened here. */
export type Browsing = Pick<Browser, 'newPage' | 'newContext' | 'close'>

/** The one of this process, which ends with it: test files that run in one process start it once. */
let shared: Promise<Browser> | null = null

/** Sessions of their own in a Chromium that others look through too; one that died is replaced. */
export async function shareBrowser(): Promise<Browsing> {
  if (shared !== null && !(await shared).isConnected()) shared = null
  shared ??= openBrowser()
  const browser = await shared
  const opened = new Set<BrowserContext>()
  return {
    async newContext(options) {
      const context = await browser.newContext(options)
      opened.add(context)
      return context
    },
    async newPage(options) {
      const page = await browser.newPage(options)
      opened.add(page.context())
      return page
    },
    async close() {
      for (const context of opened) await context.close()
    },
  }
}
