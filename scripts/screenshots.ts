// Takes the pictures of the docs: the sample's mail and every screen of the studio, as they are now.
//   npm run screenshots                  all of them
//   npm run screenshots -- draft check   those whose names begin so
//   npm run screenshots -- --out <dir>   elsewhere than docs/images
//   npm run screenshots -- --all         every state at every width, in dark colours too
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { parseArgs } from 'node:util'
import { stringify } from 'yaml'
import { losslessCompressPng, pngQuantize } from '@napi-rs/image'
import { openApp } from '../src/app.ts'
import { startLocal } from '../src/cli/local.ts'
import { loadConfig } from '../src/config.ts'
import { importSubscribers } from '../src/subscribers/import.ts'
import { openBrowser } from '../test/browser/chromium.ts'
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
import { sampleSubscribers } from './sample-subscribers.ts'
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
  options: {
    all: { type: 'boolean', default: false },
    out: { type: 'string', default: join(import.meta.dirname, '../docs/images') },
  },
  allowPositionals: true,
})
/** Of the states of screens, those that docs/editing.md shows. */
const shownStates = ['draft-form', 'draft-two-texts', 'preview-inbox', 'send-confirm']
const root = join(import.meta.dirname, '..')
const out = resolve(values.out)
const wanted = (name: string): boolean =>
  positionals.length === 0
    ? values.all || !name.includes('-') || shownStates.includes(name)
    : positionals.some((each) => name.startsWith(each))

await freshStudioUi()
mkdirSync(join(out, 'studio'), { recursive: true })
// A copy: whoever approves or writes in a picture writes into no text of ours.
const dir = mkdtempSync(join(tmpdir(), 'onrecord-pictures-'))
for (const each of ['templates', 'briefs', 'onrecord.yaml'])
  cpSync(join(root, each), join(dir, each), { recursive: true })
// What is in work beside it, so that the list shows more than one state.
const others = [
  [
    '2025-w47',
    'Torkham opens for two hours',
    'draft',
    'The crossing was open from ten to noon, traders said.',
  ],
  ['2025-w48', 'Who counted the dead of Paktika', 'review', 'Three lists, and what each of them leaves out.'],
] as const
for (const [id, title, status, words] of others) {
  const front = {
    title,
    standfirst: `${words} What is known, and what is not.`,
    date: '2025-11-21',
    newsletter: 'weekly',
    status,
  }
  writeFileSync(join(dir, 'briefs', `${id}.md`), `---\n${stringify(front)}---\n\n${words}\n`)
}
const config = loadConfig({
  dir,
  environment: { BASE_URL: 'http://127.0.0.1:4871', PORT: '4871' },
})
const app = await openApp(config)
await importSubscribers(app.subscribers, Readable.from([Buffer.from(sampleSubscribers(1_204))]), {
  ...{
    newsletters: ['weekly'],
    newsletter: 'weekly',
    newsletterColumn: false,
    tier: null,
    source: 'members.csv',
  },
  ...{ map: new Map(), now: Date.now(), dryRun: false, signal: new AbortController().signal },
})
const local = await startLocal(app, { port: 0 })
const browser = await openBrowser()
try {
  if (wanted('mail')) {
    const page = await browser.newPage({ viewport: { width: 700, height: 1500 } })
    await page.goto(`${local.url}/frame/2025-w46/member/mail?scheme=light`, { waitUntil: 'networkidle' })
    await keep(await page.screenshot(), 'mail.png')
    await page.close()
  }
  for (const screen of screens.filter(({ name }) => wanted(name))) {
    await take(screen, screen.name, 1440, 'light')
    const isScreen = values.all || !screen.name.includes('-')
    if (isScreen && screen.also?.includes('narrow')) await take(screen, `${screen.name}-800`, 800, 'light')
    if (values.all && screen.also?.includes('dark')) await take(screen, `${screen.name}-dark`, 1440, 'dark')
  }
} finally {
  await browser.close()
  await local.close()
  await app.close()
  rmSync(dir, { recursive: true, force: true })
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
  await keep(await page.screenshot(), `studio/${name}.png`)
  await page.close()
  console.log(`  ${name}.png`)
}

/** With 256 colours, of which a screen has fewer: a third of the size. */
async function keep(picture: Buffer, name: string): Promise<void> {
  writeFileSync(join(out, name), await losslessCompressPng(await pngQuantize(picture, { maxQuality: 95 })))
}
