// Measures starts against a baseline in the same run: medians of interleaved pairs.
//   npm run bench -- starts [pairs]
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { median, spread } from './spread.ts'

const root = join(import.meta.dirname, '..')
const rounds = Number(process.argv[2] ?? 15)
const folder = mkdtempSync(join(tmpdir(), 'onrecord-bench-'))

interface Measured {
  readonly what: string
  readonly bar: number
  readonly ours: readonly string[]
  readonly baseline: readonly string[]
}

const node = process.execPath
const onrecord = join(root, 'dist/cli/main.js')
const pairs: readonly Measured[] = [
  {
    what: 'onrecord --help / node -e 0',
    bar: 3,
    ours: [node, onrecord, '--help'],
    baseline: [node, '-e', '0'],
  },
  {
    what: 'onrecord build (3 tiers) / npx mjml (1 file)',
    bar: 1.8,
    ours: [node, onrecord, '-C', root, 'build', '2025-w46', '--out', join(folder, 'build')],
    baseline: [
      'npx',
      'mjml',
      join(folder, 'build/2025-w46/member.mjml'),
      '-o',
      join(folder, 'baseline.html'),
    ],
  },
]

console.log(
  `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.version}, ${rounds} pairs`,
)
console.log('| what | ours (median, min–max ms) | baseline | ratio of medians | bar |')
console.log('| --- | --- | --- | --- | --- |')
let missed = 0
for (const { what, bar, ours, baseline } of pairs) {
  const a: number[] = []
  const b: number[] = []
  time(ours)
  time(baseline)
  for (let round = 0; round < rounds; round++) {
    a.push(time(ours))
    b.push(time(baseline))
  }
  const ratio = median(a) / median(b)
  if (ratio > bar) missed++
  console.log(`| ${what} | ${spread(a)} | ${spread(b)} | ${ratio.toFixed(2)} | ≤ ${bar} |`)
}
rmSync(folder, { recursive: true, force: true })
process.exitCode = missed === 0 ? 0 : 1

/** Milliseconds of one whole process. */
function time([command = '', ...args]: readonly string[]): number {
  const started = performance.now()
  const { status, stderr } = spawnSync(command, args, { cwd: root, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${stderr}`)
  return performance.now() - started
}
