// Measures how fast `onrecord preview` is there, in a publication that it has never seen, and how much the first page loads.
//   npm run bench -- studio-start [pairs] [--write]
// `--write` puts what it prints into docs/performance.md.
import { spawn, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { replaceMarked } from '../../scripts/marked.ts'
import { openBrowser } from '../../test/browser/chromium.ts'
import { firstLoad } from '../../test/studio/first-load.ts'
import { median, spread } from '../spread.ts'

const ISSUE = '2025-w46'
/** Milliseconds until the page is answered, and octets of the first load gzipped. */
const bars = { page: 1_000, load: 250_000 }

const { values, positionals } = parseArgs({
  options: { write: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const pairs = Number(positionals[0] ?? 9)
const root = join(import.meta.dirname, '../..')
const main = join(root, 'dist/cli/main.js')

interface Start {
  readonly url: string
  readonly said: number
  readonly page: number
  readonly picture: number
  readonly stop: () => Promise<void>
}

/** From the start of the process, in milliseconds. */
async function start(dir: string): Promise<Start> {
  const began = performance.now()
  const { BASE_URL: _, ...env } = process.env
  const child = spawn(process.execPath, [main, '-C', dir, '--json', 'preview', '--port', '0'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const line = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).once('line', resolve)
    void ended.then(() => reject(new Error('the studio ended')))
  })
  const { url } = JSON.parse(line) as { url: string }
  const said = performance.now() - began
  await (await fetch(url)).text()
  const page = performance.now() - began
  await (await fetch(`${url}/frame/${ISSUE}/member/mail`)).text()
  const picture = performance.now() - began
  return {
    ...{ url, said, page, picture },
    stop: () => {
      child.kill('SIGINT')
      return ended
    },
  }
}

function nothing(): number {
  const began = performance.now()
  spawnSync(process.execPath, ['-e', '0'])
  return performance.now() - began
}

async function withFolder<T>(work: (dir: string) => Promise<T>): Promise<T> {
  const dir = mkdtempSync(join(tmpdir(), 'onrecord-start-'))
  try {
    for (const each of ['templates', 'briefs', 'onrecord.yaml']) {
      cpSync(join(root, each), join(dir, each), { recursive: true })
    }
    return await work(dir)
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

const measured: Record<'nothing' | 'said' | 'page' | 'picture', number[]> = {
  ...{ nothing: [], said: [], page: [], picture: [] },
}
// The first one fills Node's cache of compiled code.
for (let at = -1; at < pairs; at++) {
  const idle = nothing()
  const { said, page, picture } = await withFolder(async (dir) => {
    const one = await start(dir)
    await one.stop()
    return one
  })
  if (at < 0) continue
  measured.nothing.push(idle)
  measured.said.push(said)
  measured.page.push(page)
  measured.picture.push(picture)
}
const files = await withFolder(async (dir) => {
  const [studio, browser] = await Promise.all([start(dir), openBrowser()])
  try {
    return await firstLoad(browser, studio.url, ISSUE)
  } finally {
    await browser.close()
    await studio.stop()
  }
})

const ratio = (times: readonly number[]): string => (median(times) / median(measured.nothing)).toFixed(1)
const kilobytes = (bytes: number): string => (bytes / 1_000).toFixed(1)
const total = files.reduce((sum, { gzipped }) => sum + gzipped, 0)
const word = (held: boolean): string => (held ? 'held' : '**missed**')
const printed = `Measured on ${new Date().toISOString().slice(0, 10)}: ${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.version}; ${pairs} starts in a folder that it has never seen

| from the start of the process until | ms, median (least–most) | × of \`node -e 0\` | bar |
| --- | --- | --- | --- |
| \`node -e 0\` has ended | ${spread(measured.nothing)} | 1.0 |  |
| the address is printed | ${spread(measured.said)} | ${ratio(measured.said)} |  |
| the first page is answered | ${spread(measured.page)} | ${ratio(measured.page)} | ≤ ${bars.page} ms: ${word(median(measured.page) <= bars.page)} |
| the first picture of the sample is answered | ${spread(measured.picture)} | ${ratio(measured.picture)} |  |

| first load | kB | kB gzipped |
| --- | --- | --- |
${files.map(({ name, bytes, gzipped }) => `| ${name} | ${kilobytes(bytes)} | ${kilobytes(gzipped)} |`).join('\n')}
| all of it (bar: ≤ 250 kB, ${word(total <= bars.load)}) | ${kilobytes(files.reduce((sum, { bytes }) => sum + bytes, 0))} | ${kilobytes(total)} |`
console.log(printed)
if (values.write) replaceMarked(join(root, 'docs/performance.md'), 'studio-start', printed)
process.exitCode = median(measured.page) <= bars.page && total <= bars.load ? 0 : 1
