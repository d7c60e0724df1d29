import { gzipSync } from 'node:zlib'
import type { Browsing } from '../browser/chromium.ts'

/** What a browser with an empty cache is given, in octets as they are and gzipped at level 9. */
export interface LoadedFile {
  readonly name: string
  readonly bytes: number
  readonly gzipped: number
}

/** Every file of the bundle that the first look at a text asks for, with the picture beside it, until nothing more is. */
export async function firstLoad(
  browser: Browsing,
  url: string,
  issue: string,
): Promise<readonly LoadedFile[]> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  const files: Promise<LoadedFile>[] = []
  page.on('response', (response) => {
    const name = new URL(response.url()).pathname
    if (!name.startsWith('/assets/')) return
    files.push(
      response.body().then((body) => ({
        name: name.slice('/assets/'.length).replace(/-[\w-]{8}(?=\.)/u, ''),
        bytes: body.length,
        gzipped: gzipSync(body, { level: 9 }).length,
      })),
    )
  })
  await page.goto(`${url}/issue/${issue}/draft`)
  await page.locator('.cm-content').waitFor()
  await page.locator('.panes.two iframe').waitFor()
  await page.waitForLoadState('networkidle')
  const loaded = await Promise.all(files)
  await page.close()
  return loaded.toSorted((a, b) => b.gzipped - a.gzipped)
}
