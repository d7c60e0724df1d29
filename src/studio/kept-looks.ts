import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { loadTemplate, type Template } from '../render/template.ts'

/**
 * The looks of a publication, each read and compiled once, and all of them anew when anything under
 * `templates/` is touched.
 */
export function keptLooks(root: string): (name: string) => Promise<Template> {
  const folder = join(root, 'templates')
  const looks = new Map<string, Promise<Template>>()
  let seen: string | null = null
  return (name) => {
    const state = stateOf(folder)
    if (state === null || state !== seen) looks.clear()
    seen = state
    const look = looks.get(name) ?? loadTemplate(join(folder, name))
    looks.set(name, look)
    return look
  }
}

/** Changes with every write; without waiting, since a hundred small questions are quicker so. */
function stateOf(folder: string): string | null {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((name) => {
        const { ctimeMs, mtimeMs, size, ino } = statSync(join(folder, name))
        return `${name} ${ctimeMs} ${mtimeMs} ${size} ${ino}`
      })
      .join('\n')
  } catch {
    // A file went while it was looked for: what is kept then is not trusted.
    return null
  }
}
