import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'onrecord-readme-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const readme = readFileSync(join(root, 'README.md'), 'utf8')

test('the README has at most 150 lines', () => {
  expect(readme.split('\n').length).toBeLessThanOrEqual(151)
})

test('the README’s commands for a publication of one’s own work as they are written', () => {
  const block = /```sh\n(npx onrecord init[^`]*)```/.exec(readme)?.[1] ?? ''
  const commands = block
    .split('\n')
    .map((line) => line.replace(/\s+#.*$/, ''))
    .filter((line) => line !== '' && !line.endsWith(' preview'))
  expect(commands).toHaveLength(4)
  // `../my-brief` must not land beside the real checkout.
  const checkout = join(folder, 'checkout')
  mkdirSync(checkout)
  const { BASE_URL: _, ...env } = process.env
  for (const command of commands) {
    const args = command.split(' ').slice(2)
    const main = join(root, 'dist/cli/main.js')
    const { status, stderr } = spawnSync(process.execPath, [main, ...args], {
      cwd: checkout,
      env,
      encoding: 'utf8',
    })
    expect([command, stderr, status]).toEqual([command, expect.not.stringContaining('→'), 0])
  }
})
