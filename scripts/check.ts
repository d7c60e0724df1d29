// Format, lint with the layer rules, types and dead code: all of them, then one verdict.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const checks = [
  ['format', 'oxfmt', ['--check', '.'], 'npm run format mends it'],
  ['lint', 'oxlint', ['--deny-warnings'], 'the layers are in docs/architecture.md'],
  ['types', 'tsc', ['--noEmit'], ''],
  ['types of the studio’s pages', 'tsc', ['-p', 'tsconfig.ui.json'], ''],
  ['dead code', 'knip', ['--no-progress'], 'remove what nothing uses, or name it in knip.json'],
] as const

let failed = 0
for (const [name, command, args, hint] of checks) {
  const started = performance.now()
  const { status, stdout, stderr } = spawnSync(join(root, 'node_modules/.bin', command), args, {
    cwd: root,
    encoding: 'utf8',
  })
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(`${status === 0 ? 'ok  ' : 'FAIL'}  ${name}  (${seconds} s)`)
  if (status !== 0) {
    failed++
    console.log([stdout, stderr, hint && `  → ${hint}`].filter(Boolean).join('\n'))
  }
}
process.exit(failed === 0 ? 0 : 1)
