import { randomBytes } from 'node:crypto'
import { mkdir, open, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** An image under the name that the editions show. */
export interface FrozenImage {
  /** A hash of the bytes, with the file's ending. */
  readonly name: string
  readonly bytes: Uint8Array
}

/** Puts images where the site serves them, synced before they get their name. What is there stays. */
export async function freezeImages(dir: string, images: readonly FrozenImage[]): Promise<void> {
  await mkdir(dir, { recursive: true })
  for (const image of images) {
    const path = join(dir, image.name)
    if (await exists(path)) continue
    const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`
    const file = await open(temporary, 'wx')
    try {
      await file.writeFile(image.bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
