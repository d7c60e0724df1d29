import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
const folder = mkdtempSync(join(tmpdir(), 'onrecord-package-'))
const installed = join(folder, 'node_modules/onrecord')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Lock {
  readonly packages: Readonly<Record<string, { readonly dev?: boolean; readonly devOptional?: boolean }>>
}

/** What `npm install <tarball>` leaves, without a network: the packed files, and what users install beside them. */
beforeAll(() => {
  const args = ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder]
  const name = execFileSync('npm', args, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim()
  mkdirSync(installed, { recursive: true })
  execFileSync('tar', ['xzf', join(folder, name), '-C', installed, '--strip-components=1'])
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lock
  for (const [path, { dev, devOptional }] of Object.entries(lock.packages)) {
    const isTop = /^node_modules\/(@[^/]+\/)?[^/]+$/.test(path)
    if (!isTop || dev === true || devOptional === true) continue
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    symlinkSync(join(root, path), join(folder, path))
  }
})

function onrecord(cwd: string, ...args: readonly string[]) {
  const { BASE_URL: _, ...env } = process.env
  return spawnSync(process.execPath, [join(installed, 'dist/cli/main.js'), ...args], {
    cwd,
    encoding: 'utf8',
    env,
  })
}

test('the packed tarball, installed elsewhere, makes a publication, checks, builds and rehearses it', () => {
  const made = onrecord(folder, 'init', 'mine')
  expect(made.stderr).toBe('')
  expect(made.status).toBe(0)
  const mine = join(folder, 'mine')
  const [checked] = JSON.parse(onrecord(mine, 'check', '--json').stdout)
  // Its sources are invented, so there is no page to keep a copy of.
  expect(checked.counts.error).toBe(0)
  expect(checked.findings.map((each: { rule: string }) => each.rule)).toEqual(['DC703'])
  const [built] = JSON.parse(onrecord(mine, 'build', '--json').stdout)
  expect(built.editions.map((each: { tier: string }) => each.tier)).toEqual([
    'public',
    'subscriber',
    'member',
  ])
  const issue = String(built.issue)

  expect(onrecord(mine, 'subscribers', 'add', 'ada@mail.example').status).toBe(0)
  const refused = onrecord(mine, 'send', issue)
  expect(refused.status).toBe(1)
  expect(refused.stderr).toContain('is a draft')
  const file = join(mine, 'briefs', issue, 'issue.md')
  expect(readFileSync(file, 'utf8')).toContain('status: draft')
  execFileSync('sed', ['-i.bak', 's/^status: draft.*/status: approved/', file])
  const [sent] = JSON.parse(onrecord(mine, 'send', issue, '--json').stdout)
  expect(sent).toMatchObject({ issue, state: 'done', total: 1, accepted: 1, transport: 'the outbox' })
})

test('the public API can be imported from the package', () => {
  const script = `const api = await import('onrecord'); console.log(Object.keys(api).join(' '))`
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: folder,
    encoding: 'utf8',
  })
  expect(stderr).toBe('')
  expect(stdout).toContain('matchQuotation')
})
