#!/usr/bin/env node
// The launcher: parses on any Node, says so when it is too old, keeps dist/ fresh in a checkout.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import module from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `onrecord needs Node 22.18 or newer; this is ${process.version}. In a checkout, “npx onrecord” brings its own.\n`,
  )
  process.exitCode = 2
} else {
  module.enableCompileCache?.()
  const here = fileURLToPath(import.meta.url)
  if (here.endsWith('.js')) rebuildWhenStale(join(dirname(here), '..', '..'))
  const { runCommandLine } = await import('./run.ts')
  process.exitCode = await runCommandLine(process.argv)
}

/** In a checkout (there is a src/), compiles again when a source is newer than the last build. */
function rebuildWhenStale(root: string): void {
  const source = join(root, 'src')
  const stamp = join(root, 'dist', '.built')
  if (!existsSync(source) || !existsSync(join(root, 'scripts', 'build.ts'))) return
  const built = existsSync(stamp) ? statSync(stamp).mtimeMs : 0
  const newer = readdirSync(source, { recursive: true, withFileTypes: true }).some(
    (entry) => entry.isFile() && statSync(join(entry.parentPath, entry.name)).mtimeMs > built,
  )
  if (!newer) return
  const build = spawnSync(process.execPath, [join(root, 'scripts', 'build.ts')], { encoding: 'utf8' })
  if (build.status === 0) return
  const errors = `${build.stdout}${build.stderr}`.split('\n').slice(0, 3).join('\n')
  process.stderr.write(`onrecord: src/ does not compile; this is the last build that did.\n${errors}\n`)
}
