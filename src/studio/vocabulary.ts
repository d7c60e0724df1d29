import { readdir } from 'node:fs/promises'
import { splitFrontmatter } from '../brief/frontmatter.ts'
import { openFiles } from '../issue/files.ts'
import { createParseCache } from '../issue/parse-cache.ts'
import { readSourceText } from '../brief/source-text.ts'

/** What the publication’s texts call things. */
export interface Words {
  readonly templates: readonly string[]
  /** Those used most stand first. */
  readonly tags: readonly string[]
  readonly authors: readonly string[]
}

/** For how long what was read is taken for what is there, in milliseconds. */
const FRESH_MS = 3_000

const MOST_BYTES = 1024 * 1024

/** Reads the looks, tags and authors of a publication; briefs that have not changed are not parsed again. */
export function createVocabulary(root: string): () => Promise<Words> {
  const parsed = createParseCache()
  let kept: { readonly words: Promise<Words>; readonly at: number } | null = null

  const read = async (): Promise<Words> => {
    const files = await openFiles(root)
    const names = await readdir(`${root}/briefs`, { recursive: true }).catch(() => [])
    const texts = names
      .map((name) => name.replaceAll('\\', '/'))
      .filter((name) => /^[^.][^/]*(?:\/[^./][^/]*)?\.md$/u.test(name))
    const fronts = await Promise.all(
      texts.map(async (name) => {
        const file = await files.read(`briefs/${name}`, MOST_BYTES)
        if (file.kind !== 'bytes') return null
        return parsed(name, file.bytes, () => {
          const { text } = readSourceText(name, file.bytes)
          return text === null ? null : (splitFrontmatter(name, text).yaml?.value ?? null)
        })
      }),
    )
    const templates = (await files.list('templates')).filter((name) => !name.includes('.'))
    return { templates, tags: mostUsed(fronts, 'tags'), authors: mostUsed(fronts, 'authors') }
  }

  return () => {
    if (kept === null || performance.now() - kept.at > FRESH_MS)
      kept = { words: read(), at: performance.now() }
    return kept.words
  }
}

function mostUsed(fronts: readonly unknown[], key: string): readonly string[] {
  const counts = new Map<string, number>()
  for (const front of fronts) {
    const list: unknown = Reflect.get(Object(front), key)
    for (const each of Array.isArray(list) ? list : []) {
      if (typeof each === 'string') counts.set(each, (counts.get(each) ?? 0) + 1)
    }
  }
  return [...counts].toSorted((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])).map(([word]) => word)
}
