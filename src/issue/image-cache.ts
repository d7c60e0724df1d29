import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'

/** Keeps redrawn images by the hash of their originals. A lost or unwritable cache costs time, nothing else. */
export interface ImageCache {
  get(key: string): Promise<Uint8Array | null>
  set(key: string, bytes: Uint8Array): Promise<void>
}

/** Raised whenever the same original would give other bytes. */
const VERSION = 1

/** An image cache in `folder`, which is made when first needed. */
export function createImageCache(folder: string): ImageCache {
  const path = (key: string): string => join(folder, `${key}.v${VERSION}`)
  return {
    async get(key) {
      try {
        return await readFile(path(key))
      } catch {
        return null
      }
    },
    async set(key, bytes) {
      const temporary = `${path(key)}.${randomBytes(6).toString('hex')}.tmp`
      try {
        await mkdir(folder, { recursive: true })
        await writeFile(temporary, bytes)
        await rename(temporary, path(key))
      } catch {
        // Another process was faster, or the disk is full: the image is redrawn next time.
      }
    },
  }
}
