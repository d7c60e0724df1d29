// Compiles src/ into dist/. Run by `npm run build`, by `prepare` on install, and by the
// command line itself in a checkout whose sources are newer than dist/.
import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const started = new Date()
const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
const { status } = spawnSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json')], {
  stdio: 'inherit',
  cwd: root,
})
if (status !== 0) process.exit(status ?? 1)
chmodSync(join(root, 'dist', 'cli', 'main.js'), 0o755)
// The studio's browser side is served as it is.
cpSync(join(root, 'src', 'studio', 'ui'), join(root, 'dist', 'studio', 'ui'), { recursive: true })
const stamp = join(root, 'dist', '.built')
mkdirSync(join(root, 'dist'), { recursive: true })
writeFileSync(stamp, '')
// The stamp is as old as the start: a source saved while tsc ran is newer.
utimesSync(stamp, started, started)
