// Compiles src/ into dist/ and bundles the studio's browser side. Run by `npm run build`, by `prepare` on
// install, and by the command line itself in a checkout whose sources are newer than dist/.
import { spawn } from 'node:child_process'
import { chmodSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildStudioUi } from './studio-ui.ts'

const root = join(import.meta.dirname, '..')
const started = new Date()
const [status] = await Promise.all([compile(), buildStudioUi()])
if (status !== 0) process.exit(status)
chmodSync(join(root, 'dist', 'cli', 'main.js'), 0o755)
const stamp = join(root, 'dist', '.built')
mkdirSync(join(root, 'dist'), { recursive: true })
writeFileSync(stamp, '')
// The stamp is as old as the start: a source saved while tsc ran is newer.
utimesSync(stamp, started, started)

function compile(): Promise<number> {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const child = spawn(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json')], {
    stdio: 'inherit',
    cwd: root,
  })
  return new Promise((resolve) => child.once('close', (code) => resolve(code ?? 1)))
}
