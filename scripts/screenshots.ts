// Takes the README's pictures: the sample's mail and the preview, as they are now.
//   npm run screenshots
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openApp } from '../src/app.ts'
import { startLocal } from '../src/cli/local.ts'
import { loadConfig } from '../src/config.ts'
import { openBrowser } from '../test/browser/chromium.ts'

const root = join(import.meta.dirname, '..')
const out = join(root, 'docs/images')
const issue = '2025-w46'
mkdirSync(out, { recursive: true })
const dataDir = mkdtempSync(join(tmpdir(), 'onrecord-pictures-'))
const config = loadConfig({
  dir: root,
  dataDir,
  environment: { BASE_URL: 'http://127.0.0.1:4871', PORT: '4871' },
})
const app = await openApp(config)
const local = await startLocal(app, { port: 4871 })
const browser = await openBrowser()
try {
  const page = await browser.newPage({ viewport: { width: 700, height: 1500 } })
  await page.goto(`${local.url}/frame/${issue}/member/mail?scheme=light`, { waitUntil: 'networkidle' })
  await page.screenshot({ path: join(out, 'mail.png') })
  await page.setViewportSize({ width: 1280, height: 1200 })
  await page.goto(`${local.url}/issue/${issue}?tier=member`, { waitUntil: 'load' })
  await page.waitForTimeout(1_000)
  await page.screenshot({ path: join(out, 'preview.png') })
} finally {
  await browser.close()
  await local.close()
  await app.close()
  rmSync(dataDir, { recursive: true, force: true })
}
console.log(`docs/images/mail.png and docs/images/preview.png are new.`)
