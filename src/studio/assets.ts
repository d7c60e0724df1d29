import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

const mediaTypes: Readonly<Record<string, string>> = {
  'studio.css': 'text/css; charset=utf-8',
  'issue.css': 'text/css; charset=utf-8',
  'studio.js': 'text/javascript; charset=utf-8',
}

/** A file of the browser's side, or null for any other name. */
export async function assets(
  name: string,
): Promise<{ readonly text: string; readonly mediaType: string } | null> {
  if (!Object.hasOwn(mediaTypes, name)) return null
  const text = await readFile(join(import.meta.dirname, 'ui', name), 'utf8')
  return { text, mediaType: mediaTypes[name] ?? 'text/plain' }
}
