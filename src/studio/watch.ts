import { watch } from 'chokidar'
import { relative, sep } from 'node:path'

/** Told which issues a save touched; null: something that all of them depend on. */
export type ChangeListener = (issues: readonly string[] | null) => void

/** A save is told at once; what follows within this time, as programs write several times in a row, is told together. */
const TOGETHER_MS = 30

/** Watches what previews are made of. Gives back the way to stop, when the watching has begun. */
export async function watchPublication(root: string, onChange: ChangeListener): Promise<() => Promise<void>> {
  const watcher = watch(['briefs', 'templates', 'images', 'onrecord.yaml'], {
    cwd: root,
    ignoreInitial: true,
    // What editors and systems write beside a file while they save it.
    ignored: (path) => /(^|[\\/])(\.[^\\/]+|[^\\/]*~|#[^\\/]*#|4913)$/.test(relative(root, path)),
  })
  let touched: Set<string> | 'all' = new Set()
  let timer: NodeJS.Timeout | null = null
  const tell = (): void => {
    timer = null
    if (touched !== 'all' && touched.size === 0) return
    const issues = touched === 'all' ? null : [...touched]
    touched = new Set()
    timer = setTimeout(tell, TOGETHER_MS)
    onChange(issues)
  }
  watcher.on('all', (_event, path) => {
    const issue = issueOf(path)
    if (issue === null) touched = 'all'
    else if (touched !== 'all') touched.add(issue)
    if (timer === null) tell()
  })
  // A folder that may not be read is found by the build too, and reported there with its name.
  watcher.on('error', () => undefined)
  await new Promise<void>((resolve) => watcher.once('ready', resolve))
  return async () => {
    if (timer !== null) clearTimeout(timer)
    await watcher.close()
  }
}

/** The issue that a path under `briefs/` belongs to; null for everything else. */
function issueOf(path: string): string | null {
  const [folder, name] = path.split(sep)
  if (folder !== 'briefs' || name === undefined) return null
  return name.replace(/\.md$/, '')
}
