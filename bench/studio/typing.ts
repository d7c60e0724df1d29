// From a key to the frame that shows its letter, in the draft of the sample with the picture beside it, in Chromium: while every
// pause is saved and built, and while the studio stands still, in turns:
//   npm run bench -- studio-typing [--write]
// `--write` puts what it prints into docs/performance.md.
import { cpus } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Page } from 'playwright-core'
import { replaceMarked } from '../../scripts/marked.ts'
import { openBrowser } from '../../test/browser/chromium.ts'
import { median } from '../spread.ts'
import { copySample, issue, startStudio } from './ours.ts'

const { values } = parseArgs({ options: { write: { type: 'boolean', default: false } } })
/** Turns of each, words a turn, letters a word; milliseconds between two letters, and after a word, when it is saved. */
const [TURNS, WORDS, LETTERS, KEY_MS, PAUSE_MS] = [4, 6, 6, 80, 400]
/** The slowest letter of twenty may take so many times as long while it is built: a ratio holds on a busy machine, too. */
const BAR = 2

interface Typed {
  /** From each key to the frame with its letter, in milliseconds. */
  readonly times: number[]
  /** Tasks of the page’s thread that took 50 ms or more. */
  readonly tasks: number[]
}

/** In the page: `typed()` gives, and forgets, what was measured since. A key’s own time is when the browser got it. */
const RECORD = `(() => {
  const [times, tasks, painting] = [[], [], []]
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = () => {
    for (const at of painting.splice(0)) times.push(performance.now() - at)
  }
  addEventListener('keydown', ({ timeStamp }) => requestAnimationFrame(() => {
    painting.push(timeStamp)
    port2.postMessage(0)
  }), true)
  new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration)))
    .observe({ type: 'longtask' })
  globalThis.typed = () => ({ times: times.splice(0), tasks: tasks.splice(0) })
})()`

const sample = copySample()
const studio = await startStudio(sample.dir)
const browser = await openBrowser()
const building: Typed = { times: [], tasks: [] }
const quiet: Typed = { times: [], tasks: [] }
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  await page.goto(`${studio.url}/issue/${issue}/draft`)
  await page.frameLocator('iframe').getByText('In this issue').first().waitFor()
  const text = page.getByRole('textbox', { name: 'Text of Istanbul talks end without agreement' })
  await text.focus()
  await page.keyboard.press('Control+End')
  await page.keyboard.type('\n\n')
  await page.evaluate(RECORD)
  // Warm: the first words of a page are its slowest.
  await type(page, { times: [], tasks: [] })
  for (let turn = 0; turn < TURNS; turn++) {
    await type(page, building)
    await saved(page)
    studio.signal('SIGSTOP')
    await type(page, quiet)
    studio.signal('SIGCONT')
    await saved(page)
  }
} finally {
  studio.signal('SIGCONT')
  await browser.close()
  studio.close()
  sample.remove()
}

const row = (name: string, { times, tasks }: Typed): string =>
  `| ${name} | ${times.length} | ${median(times).toFixed(0)} | ${p95(times).toFixed(0)} | ${Math.max(...times).toFixed(0)} | ${tasks.length === 0 ? 'none of 50 or more' : `${Math.max(...tasks).toFixed(0)} (${tasks.length} of 50 or more)`} |`
const slower = p95(building.times) / p95(quiet.times)
const isHeld = slower <= BAR
const printed = `Measured on ${new Date().toISOString().slice(0, 10)}: ${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.version}; ${TURNS} turns of each

| typing in the draft, from key to frame | keys | median ms | p95 ms | longest ms | longest task of the page, ms |
| --- | --- | --- | --- | --- | --- |
${row('saved and built at every pause', building)}
${row('nothing saved or built', quiet)}

* built to quiet, medians: ${(median(building.times) / median(quiet.times)).toFixed(2)}; at p95: ${slower.toFixed(2)} (bar: ≤ ${BAR}, ${isHeld ? 'held' : '**missed**'})`
console.log(printed)
if (values.write)
  replaceMarked(join(import.meta.dirname, '../../docs/performance.md'), 'studio-typing', printed)
process.exitCode = isHeld ? 0 : 1

/** As one who writes: a word, a moment for the next. */
async function type(page: Page, into: Typed): Promise<void> {
  for (let word = 0; word < WORDS; word++) {
    for (let letter = 0; letter < LETTERS; letter++) {
      await page.keyboard.press('abcdefghij'.charAt((word + letter) % 10))
      await wait(KEY_MS)
    }
    await page.keyboard.press('Space')
    await wait(PAUSE_MS)
  }
  const { times, tasks } = await page.evaluate<Typed>('typed()')
  into.times.push(...times)
  into.tasks.push(...tasks)
}

async function saved(page: Page): Promise<void> {
  await page.getByText('Saved', { exact: true }).waitFor()
  await wait(PAUSE_MS)
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

function p95(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.ceil(times.length * 0.95) - 1] ?? Number.NaN
}
