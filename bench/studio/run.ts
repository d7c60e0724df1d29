// From a save to the new words in the picture, in Chromium, beside react-email's preview server in the same run:
//   npm run bench -- studio [--quick] [--write] [--ours]
// A round is one save of ours and one of theirs, seconds apart, so that both meet the same machine. `--ours` leaves theirs
// out; `--write` puts what it prints into docs/performance.md.
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Page } from 'playwright-core'
import { replaceMarked } from '../../scripts/marked.ts'
import { createPreviewer } from '../../src/studio/build-preview.ts'
import { openBrowser } from '../../test/browser/chromium.ts'
import { median } from '../spread.ts'
import { likeMail, MARK } from './like-mail.ts'
import { briefFile, copySample, issue, startStudio } from './ours.ts'
import { startReactEmail, versions } from './react-email.ts'

const { values } = parseArgs({
  options: {
    write: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    ours: { type: 'boolean', default: false },
  },
})
const root = join(import.meta.dirname, '../..')
const rounds = values.quick ? 20 : 100
const warm = 5
/** The bar, at the 95th percentile. */
const BAR_MS = 100

/** A file to save, and the page that shows it. */
interface Side {
  readonly name: string
  readonly page: Page
  readonly file: string
  /** Its text with another word in it. */
  text(word: string): string
  readonly times: number[]
}

/** In the page: when a frame that is shown holds `word`, looked at before each paint; null after ten seconds. */
const seenAt = (word: string): string => `new Promise((resolve) => {
  const until = performance.now() + 10000
  const look = () => {
    const shown = [...document.querySelectorAll('iframe')].filter((each) => !each.classList.contains('coming'))
    const found = shown.some((each) => each.contentDocument?.body?.textContent?.includes('${word}'))
    if (found) resolve(performance.timeOrigin + performance.now())
    else if (performance.now() > until) resolve(null)
    else requestAnimationFrame(look)
  }
  look()
})`

const { dir, remove } = copySample()
const file = join(dir, briefFile)
const brief = readFileSync(file, 'utf8')
const studio = await startStudio(dir)
const theirs = values.ours ? null : await startReactEmail(likeMail(await sampleMail()), 4790)
const browser = await openBrowser()
const sides: Side[] = []
try {
  sides.push({
    name: 'onrecord preview',
    page: await opened(`${studio.url}/issue/${issue}/preview`),
    file,
    text: (word) => brief.replace('The third round of talks', `The third round ${word} of talks`),
    times: [],
  })
  if (theirs !== null) {
    const template = readFileSync(theirs.file, 'utf8')
    sides.push({
      name: `react-email ${versions['react-email']}, email dev`,
      page: await opened(`${theirs.url}/preview/weekly`),
      file: theirs.file,
      text: (word) => template.replace(MARK, word),
      times: [],
    })
  }
  for (let round = 0; round < warm + rounds; round++) {
    for (const side of sides) {
      const took = await save(side, `word${round}x${Math.random().toString(36).slice(2, 8)}`)
      if (round >= warm) side.times.push(took)
      // As one who types: what follows a save (the other tiers, findings) has ended before the next.
      await new Promise((resolve) => setTimeout(resolve, 250 + Math.random() * 100))
    }
  }
} finally {
  await browser.close()
  theirs?.close()
  studio.close()
  remove()
}

const [ours, other] = sides
const rows = sides.map(({ name, times }) => {
  const isOurs = name === ours?.name
  const bar = isOurs ? `p95 ≤ ${BAR_MS} ms: ${p95(times) <= BAR_MS ? 'held' : '**missed**'}` : ''
  return `| ${name} | ${median(times).toFixed(0)} | ${p95(times).toFixed(0)} | ${Math.min(...times).toFixed(0)}–${Math.max(...times).toFixed(0)} | ${bar} |`
})
const printed = [
  `Measured on ${new Date().toISOString().slice(0, 10)}: ${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.version}; ${rounds} saves each, in turns`,
  '',
  '| from save to picture | median ms | p95 ms | least–most | bar |',
  '| --- | --- | --- | --- | --- |',
  ...rows,
  ...(ours === undefined || other === undefined
    ? []
    : [
        '',
        `* ours to theirs, medians: ${(median(ours.times) / median(other.times)).toFixed(2)}; at p95: ${(p95(ours.times) / p95(other.times)).toFixed(2)}`,
      ]),
].join('\n')
console.log(printed)
if (values.write) replaceMarked(join(root, 'docs/performance.md'), 'studio', printed)
process.exitCode = ours !== undefined && p95(ours.times) <= BAR_MS ? 0 : 1

/** Milliseconds from before the write to the frame in which the new word stands in what is shown. */
async function save({ name, page, file: path, text }: Side, word: string): Promise<number> {
  const seen = page.evaluate<number | null>(seenAt(word))
  // The page is looking before the file is written.
  await page.evaluate('0')
  const from = performance.timeOrigin + performance.now()
  writeFileSync(path, text(word))
  const at = await seen
  if (at === null) throw new Error(`${name} never showed a save`)
  return at - from
}

async function opened(url: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const page = await context.newPage()
  await page.goto(url)
  const words = "document.querySelector('iframe')?.contentDocument?.body?.textContent?.length ?? 0"
  // By asking, since a studio's policy lets nothing be evaluated in the page itself.
  while ((await page.evaluate<number>(words)) < 1_000)
    await new Promise((resolve) => setTimeout(resolve, 100))
  return page
}

async function sampleMail() {
  const previewer = createPreviewer({ root: dir, baseUrl: 'https://brief.example.org', snapshotsDir: null })
  const edition = (await previewer.build(issue))?.editions?.subscriber
  if (edition === undefined) throw new Error('the sample cannot be built')
  return edition
}

function p95(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.ceil(times.length * 0.95) - 1] ?? Number.NaN
}
