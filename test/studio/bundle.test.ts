import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'

const dir = join(import.meta.dirname, '../../dist/studio/ui')

/** A chunk of Vite's manifest. */
interface Chunk {
  readonly file: string
  readonly isEntry?: boolean
  readonly imports?: readonly string[]
  readonly css?: readonly string[]
}

const manifest = JSON.parse(readFileSync(join(dir, 'manifest.json'), 'utf8')) as Readonly<
  Record<string, Chunk>
>

/** The files that a chunk needs to run. */
function filesOf(key: string, seen = new Set<string>()): Set<string> {
  const chunk = manifest[key]
  if (chunk === undefined || seen.has(chunk.file)) return seen
  for (const file of [chunk.file, ...(chunk.css ?? [])]) seen.add(file)
  for (const each of chunk.imports ?? []) filesOf(each, seen)
  return seen
}

test('the first load, with the editor and the preview beside it, is at most 250 kB gzipped', () => {
  const files = new Set(
    ['main.tsx', 'screens/draft/draft-screen.tsx', 'screens/preview/preview-screen.tsx'].flatMap((key) => {
      expect(Object.keys(manifest)).toContain(key)
      return [...filesOf(key)]
    }),
  )
  const bytes = [...files].reduce(
    (sum, file) => sum + gzipSync(readFileSync(join(dir, file)), { level: 9 }).length,
    0,
  )
  expect(bytes).toBeLessThanOrEqual(250_000)
})
