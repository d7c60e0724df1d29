// `npm test`: a browser is there, the checks pass, dist/ is fresh, every test runs and is counted.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { findChromium } from '../test/browser/chromium.ts'

const root = join(import.meta.dirname, '..')
/** Where more files fail, it is no accident. */
const MOST_FAILED = 5

ensureChromium()
run(process.execPath, [join(root, 'scripts/check.ts')])
// `npm ci` has built it a moment ago.
if (!isBuilt()) run(process.execPath, [join(root, 'scripts/build.ts')])
const folder = mkdtempSync(join(tmpdir(), 'onrecord-test-'))
const first = runFiles(process.argv.slice(2), 'first')
const files = new Map(first.files)
const failed = [...files.values()].filter(({ ok }) => !ok)
// A browser beside servers on two busy cores now and then misses what a person would have waited for. What fails is
// tried once more on fresh ground: alone, in a process of its own. What fails twice has failed, and so has much at once.
if (failed.length > 0 && failed.length <= MOST_FAILED)
  for (const { path } of failed) {
    console.log(`\n${path} failed; once more, alone:`)
    const again = runFiles([path], 'again').files.get(path)
    if (again === undefined) continue
    files.set(path, again)
    if (again.ok) console.log(`${path} passed at its second try.`)
  }
rmSync(folder, { recursive: true, force: true })
const sum = (of: (file: FileResult) => number): number =>
  [...files.values()].reduce((total, each) => total + of(each), 0)
const [passed, lost, skipped] = [
  sum((file) => file.passed),
  sum((file) => file.failed),
  sum((file) => file.skipped),
]
const bad = [...files.values()].filter(({ ok }) => !ok)
for (const { path } of failed.filter(({ path }) => files.get(path)?.ok === true))
  console.log(`At a second try: ${path}`)
for (const { path } of bad) console.error(`Failed: ${path}`)
if (skipped > 0) console.error(`${skipped} tests did not run: none may be skipped.`)
// Where every file passed and the runner still failed, something was thrown outside any test.
const stray = first.status !== 0 && failed.length === 0
if (stray) console.error('Something failed outside the tests; it is said above.')
console.log(`${passed} passed, ${lost} failed`)
process.exit(bad.length > 0 || stray || skipped > 0 || passed === 0 ? 1 : 0)

interface FileResult {
  readonly path: string
  readonly ok: boolean
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

/** Runs these test files (none named: all), and gives what came of each. */
function runFiles(
  which: readonly string[],
  name: string,
): { readonly status: number; readonly files: ReadonlyMap<string, FileResult> } {
  const report = join(folder, `${name}.json`)
  rmSync(report, { force: true })
  const { status } = spawnSync(
    process.execPath,
    [
      join(root, 'node_modules/vitest/vitest.mjs'),
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...which,
    ],
    { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] },
  )
  if (!existsSync(report)) {
    console.error('The test runner ended without a report.')
    process.exit(status || 1)
  }
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as {
    testResults: readonly {
      name: string
      status: string
      assertionResults: readonly { status: string }[]
    }[]
  }
  const files = testResults.map((file): FileResult => {
    const count = (state: (status: string) => boolean): number =>
      file.assertionResults.filter((each) => state(each.status)).length
    const path = relative(root, file.name)
    const passed = count((state) => state === 'passed')
    const lost = count((state) => state === 'failed')
    const skipped = file.assertionResults.length - passed - lost
    return { path, ok: file.status === 'passed' && lost === 0, passed, failed: lost, skipped }
  })
  return { status: status ?? 1, files: new Map(files.map((file) => [file.path, file])) }
}

/** Whether dist/ is younger than all that it is made of; a folder is as old as the last file that came or went. */
function isBuilt(): boolean {
  const stamp = join(root, 'dist/.built')
  if (!existsSync(stamp)) return false
  const built = statSync(stamp).mtimeMs
  const within = (folder: string): readonly string[] =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name))
  const files = [
    'tsconfig.json',
    'tsconfig.build.json',
    'vite.config.ts',
    'package.json',
    'package-lock.json',
  ]
  return ['src', 'scripts', ...files, ...within('src'), ...within('scripts')].every(
    (path) => statSync(join(root, path)).mtimeMs < built,
  )
}

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
