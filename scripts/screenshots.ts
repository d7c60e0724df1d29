// Takes the pictures of the docs: the sample's mail and every screen of the studio, as they are now.
//   npm run screenshots                  all of them
//   npm run screenshots -- draft check   those whose names begin so
//   npm run screenshots -- --out <dir>   elsewhere than docs/images
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { openApp } from '../src/app.ts'
import { startLocal } from '../src/cli/local.ts'
import { loadConfig } from '../src/config.ts'
import { openBrowser } from '../test/browser/chromium.ts'
import { addPeople } from '../test/delivery/people.ts'
import { approve } from './screens/approve.ts'
import { check } from './screens/check.ts'
import { compare } from './screens/compare.ts'
import { draft } from './screens/draft.ts'
import { issues } from './screens/issues.ts'
import { outbox } from './screens/outbox.ts'
import { people } from './screens/people.ts'
import { preview } from './screens/preview.ts'
import { send } from './screens/send.ts'
import type { Screen } from './screens/screen.ts'
import { sources } from './screens/sources.ts'
import { freshStudioUi } from './studio-ui.ts'

const screens: readonly Screen[] = [
  ...issues,
  ...draft,
  ...sources,
  ...check,
  ...preview,
  ...compare,
  ...approve,
  ...send,
  ...outbox,
  ...people,
]

const { values, positionals } = parseArgs({
  options: { out: { type: 'string', default: join(import.meta.dirname, '../docs/images') } },
  allowPositionals: true,
})
const root = join(import.meta.dirname, '..')
const out = resolve(values.out)
const wanted = (name: string): boolean =>
  positionals.length === 0 || positionals.some((each) => name.startsWith(each))

await freshStudioUi()
mkdirSync(join(out, 'studio'), { recursive: true })
const dataDir = mkdtempSync(join(tmpdir(), 'onrecord-pictures-'))
const config = loadConfig({
  dir: root,
  dataDir,
  environment: { BASE_URL: 'http://127.0.0.1:4871', PORT: '4871' },
})
const app = await openApp(config)
await addPeople(app.subscribers, 1_204, 'reader', ['example.org', 'example.com', 'post.example'])
const local = await startLocal(app, { port: 0 })
const browser = await openBrowser()
try {
  if (wanted('mail')) {
    const page = await browser.newPage({ viewport: { width: 700, height: 1500 } })
    await page.goto(`${local.url}/frame/2025-w46/member/mail?scheme=light`, { waitUntil: 'networkidle' })
    await page.screenshot({ path: join(out, 'mail.png') })
    await page.close()
  }
  for (const screen of screens.filter(({ name }) => wanted(name))) {
    await take(screen, screen.name, 1440, 'light')
    if (screen.also?.includes('narrow')) await take(screen, `${screen.name}-800`, 800, 'light')
    if (screen.also?.includes('dark')) await take(screen, `${screen.name}-dark`, 1440, 'dark')
  }
} finally {
  await browser.close()
  await local.close()
  await app.close()
  rmSync(dataDir, { recursive: true, force: true })
}

async function take(
  screen: Screen,
  name: string,
  width: number,
  colorScheme: 'light' | 'dark',
): Promise<void> {
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme })
  await page.goto(local.url + screen.path)
  await screen.ready(page)
  await page.screenshot({ path: join(out, 'studio', `${name}.png`) })
  await page.close()
  console.log(`  ${name}.png`)
}
