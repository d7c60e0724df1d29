import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { publicationSchema, type Publication } from '../core/publication.ts'
import { parseWith } from '../core/schema.ts'
import { parseYaml } from '../core/yaml.ts'
import { createParseCache } from '../issue/parse-cache.ts'

/**
 * Reads onrecord.yaml as it is now, without waiting for a build: the last one that could be used, or null where there
 * was none.
 */
export function createSettings(root: string): () => Promise<Publication | null> {
  const file = 'onrecord.yaml'
  const parsed = createParseCache()
  let last: Publication | null = null
  return async () => {
    const bytes = await readFile(join(root, file)).catch(() => null)
    if (bytes === null) return last
    const { value } = parsed(file, bytes, () =>
      parseWith(publicationSchema, parseYaml(bytes.toString('utf8'), file)),
    )
    return (last = value ?? last)
  }
}
