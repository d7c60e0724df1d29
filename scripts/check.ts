// Format, lint with the layer rules, types and dead code: all of them, then one verdict.
import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const checks = [
  ['format', 'oxfmt', ['--check', '.'], 'npm run format mends it'],
  ['lint', 'oxlint', ['--deny-warnings'], 'the layers are in docs/architecture.md'],
  ['types', 'tsc', ['--noEmit'], ''],
  ['types of the studio’s pages', 'tsc', ['-p', 'tsconfig.ui.json'], ''],
  ['dead code', 'knip', ['--no-progress'], 'remove what nothing uses, or name it in knip.json'],
] as const

// At once: two of them use one core alone.
const results = await Promise.all(checks.map(([name, command, args, hint]) => run(name, command, args, hint)))
process.exit(results.every(Boolean) ? 0 : 1)

async function run(name: string, command: string, args: readonly string[], hint: string): Promise<boolean> {
  const started = performance.now()
  const child = spawn(join(root, 'node_modules/.bin', command), args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const status = new Promise((resolve) => child.once('close', resolve))
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  const isOk = (await status) === 0
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(`${isOk ? 'ok  ' : 'FAIL'}  ${name}  (${seconds} s)`)
  if (!isOk) console.log([stdout, stderr, hint && `  → ${hint}`].filter(Boolean).join('\n'))
  return isOk
}
