import { statSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { watch } from 'chokidar'

/**
 * Told which issues a save touched, null: something that all of them depend on; and which files, relative to the
 * publication, with forward slashes.
 */
export type ChangeListener = (issues: readonly string[] | null, paths: readonly string[]) => void

/** A save is told at once; what follows within this time, as programs write several times in a row, is told together. */
const TOGETHER_MS = 20

/** How many times as long files are looked at after a save: the watcher is deaf to a file for 50 ms after a change. */
const LOOKS = 5

/** Watches what previews are made of. Gives back the way to stop, when the watching has begun. */
export async function watchPublication(root: string, onChange: ChangeListener): Promise<() => Promise<void>> {
  const watcher = watch(['briefs', 'templates', 'images', 'onrecord.yaml'], {
    cwd: root,
    ignoreInitial: true,
    // What editors and systems write beside a file while they save it.
    ignored: (path) => /(^|[\\/])(\.[^\\/]+|[^\\/]*~|#[^\\/]*#|4913)$/.test(relative(root, path)),
  })
  const touched = new Set<string>()
  const told = new Map<string, string>()
  let timer: NodeJS.Timeout | null = null
  /** How often nothing was new since the last telling. */
  let quiet = 0
  const tell = (): void => {
    if (timer !== null) clearTimeout(timer)
    timer = null
    for (const [path, state] of told) if (stateOf(join(root, path)) !== state) touched.add(path)
    quiet = touched.size > 0 ? 0 : quiet + 1
    if (quiet > LOOKS) return told.clear()
    timer = setTimeout(tell, TOGETHER_MS)
    if (touched.size === 0) return
    const paths = [...touched].map((path) => path.split(sep).join('/'))
    const issues = [...touched].map(issueOf)
    for (const path of touched) told.set(path, stateOf(join(root, path)))
    touched.clear()
    onChange(issues.includes(null) ? null : [...new Set(issues.filter((issue) => issue !== null))], paths)
  }
  watcher.on('all', (_event, path) => {
    if (told.get(path) === stateOf(join(root, path))) return
    touched.add(path)
    if (timer === null || quiet > 0) tell()
  })
  // A folder that may not be read is found by the build too, and reported there with its name.
  watcher.on('error', () => undefined)
  await new Promise<void>((resolve) => watcher.once('ready', resolve))
  return async () => {
    if (timer !== null) clearTimeout(timer)
    await watcher.close()
  }
}

/** Another one after every write; empty where there is nothing, or nothing that may be looked at. */
function stateOf(path: string): string {
  try {
    const { ctimeMs, mtimeMs, size, ino } = statSync(path)
    return `${ctimeMs} ${mtimeMs} ${size} ${ino}`
  } catch {
    return ''
  }
}

/** The issue that a path under `briefs/` belongs to; null for everything else, as the pictures of all issues in one file. */
function issueOf(path: string): string | null {
  const [folder, name] = path.split(sep)
  if (folder !== 'briefs' || name === undefined || name === 'images') return null
  return name.replace(/\.md$/, '')
}
