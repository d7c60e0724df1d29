import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { OnrecordError } from '../core/errors.ts'

/** The browser side as Vite has built it. */
export interface Assets {
  /** What a page loads first. */
  entry(): Promise<{ readonly script: string; readonly styles: readonly string[] }>
  /** A file by its name; null for any other. */
  read(name: string): Promise<Asset | null>
}

export interface Asset {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly mediaType: string
}

/** A chunk of Vite's manifest. */
interface Chunk {
  readonly file: string
  readonly isEntry?: boolean
  readonly css?: readonly string[]
}

const mediaTypes: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  woff2: 'font/woff2',
}

/** Where the bundle is: beside this file when compiled, under `dist/` when `src/` is run. */
const built = import.meta.url.endsWith('.ts')
  ? join(import.meta.dirname, '../../dist/studio/ui')
  : join(import.meta.dirname, 'ui')

/** Reads the manifest again whenever there is a newer one, so that a build shows after a reload. */
export function createAssets(dir: string = built): Assets {
  let chunks: readonly Chunk[] = []
  let readAt = -1
  const manifest = async (): Promise<readonly Chunk[]> => {
    const file = join(dir, 'manifest.json')
    const { mtimeMs } = await stat(file).catch(() => {
      throw new OnrecordError('io', 'The studio’s pages are not built.', { hint: 'run: npm run build' })
    })
    if (mtimeMs !== readAt) {
      chunks = Object.values(JSON.parse(await readFile(file, 'utf8')) as Readonly<Record<string, Chunk>>)
      readAt = mtimeMs
    }
    return chunks
  }
  return {
    async entry() {
      const entry = (await manifest()).find(({ isEntry }) => isEntry === true)
      if (entry === undefined)
        throw new OnrecordError('io', 'The studio’s pages are not whole.', { hint: 'run: npm run build' })
      return { script: entry.file, styles: entry.css ?? [] }
    },
    async read(name) {
      const mediaType = mediaTypes[/^[\w-]+\.(?:[\w-]+\.)?([a-z0-9]+)$/.exec(name)?.[1] ?? '']
      if (mediaType === undefined) return null
      const bytes = await readFile(join(dir, name)).catch(() => null)
      return bytes === null ? null : { bytes: new Uint8Array(bytes), mediaType }
    },
  }
}
