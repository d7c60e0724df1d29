// Builds the studio's browser side into dist/studio/ui.
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const out = join(root, 'dist/studio/ui')
const manifest = join(out, 'manifest.json')

/** Chunks of former builds stay for so long: a page that is open may still ask for them. */
const KEPT_MS = 60 * 60_000

/**
 * Builds beside, then moves the files over with the manifest last, so that a studio that runs
 * meanwhile always finds every file that its manifest names.
 */
export async function buildStudioUi(): Promise<void> {
  const { build } = await import('vite')
  mkdirSync(join(root, 'dist'), { recursive: true })
  const beside = mkdtempSync(join(root, 'dist', '.ui-'))
  try {
    await build({ configFile: join(root, 'vite.config.ts'), build: { outDir: beside } })
    mkdirSync(out, { recursive: true })
    cpSync(beside, out, { recursive: true, filter: (path) => !path.endsWith('manifest.json') })
    renameSync(join(beside, 'manifest.json'), manifest)
    removeOld()
  } finally {
    rmSync(beside, { recursive: true, force: true })
  }
}

/** Builds when a source is newer than the last build; what tests and scripts call that run `src/` directly. */
export async function freshStudioUi(): Promise<void> {
  const built = existsSync(manifest) ? statSync(manifest).mtimeMs : 0
  const sources = join(root, 'src/studio/ui')
  const newer = readdirSync(sources, { recursive: true, withFileTypes: true }).some(
    (entry) => entry.isFile() && statSync(join(entry.parentPath, entry.name)).mtimeMs > built,
  )
  if (newer) await buildStudioUi()
}

function removeOld(): void {
  const text = readFileSync(manifest, 'utf8')
  for (const name of readdirSync(out)) {
    const path = join(out, name)
    const isOurs = name === 'manifest.json' || name === 'licences.md' || text.includes(name)
    if (!isOurs && Date.now() - statSync(path).mtimeMs > KEPT_MS) rmSync(path, { recursive: true })
  }
}
