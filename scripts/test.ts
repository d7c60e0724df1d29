// `npm test`: a browser is there, the checks pass, dist/ is fresh, every test runs and is counted.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findChromium } from '../test/browser/chromium.ts'

const root = join(import.meta.dirname, '..')

ensureChromium()
run(process.execPath, [join(root, 'scripts/check.ts')])
run(process.execPath, [join(root, 'scripts/build.ts')])
const folder = mkdtempSync(join(tmpdir(), 'onrecord-test-'))
const report = join(folder, 'report.json')
const { status } = spawnSync(
  process.execPath,
  [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...process.argv.slice(2),
  ],
  { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] },
)
if (!existsSync(report)) {
  console.error('The test runner ended without a report.')
  process.exit(status || 1)
}
const counts = JSON.parse(readFileSync(report, 'utf8')) as {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  numTodoTests: number
}
rmSync(folder, { recursive: true, force: true })
const skipped = counts.numPendingTests + counts.numTodoTests
if (skipped > 0) console.error(`${skipped} tests did not run: none may be skipped.`)
console.log(`${counts.numPassedTests} passed, ${counts.numFailedTests} failed`)
process.exit(status !== 0 || skipped > 0 || counts.numPassedTests === 0 ? status || 1 : 0)

function ensureChromium(): void {
  if (findChromium() !== null) return
  const install = 'apt-get install -y chromium'
  if (process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    console.log('Chromium is missing; installing it from Debian’s packages.')
    run('apt-get', ['update', '-qq'])
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'])
    if (findChromium() !== null) return
  }
  console.error('The browser tests need Chromium. Install it with one command and run this again:')
  console.error(`  sudo ${install}        (or set CHROMIUM to a Chromium or Chrome you have)`)
  process.exit(1)
}

function run(command: string, args: readonly string[]): void {
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
  if (status !== 0) process.exit(status ?? 1)
}
