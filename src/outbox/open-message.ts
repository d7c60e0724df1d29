import { constants } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { parseFileName } from './file-name.ts'

/** A link is not followed, and what is no file is not waited for. */
const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

/**
 * Opens a kept message for reading. Whoever opens closes.
 * @param name from anywhere: only a name of ours is looked for
 * @returns null: there is no such message
 */
export async function openMessage(dir: string, name: string): Promise<FileHandle | null> {
  const file = parseFileName(name)
  if (file === null) return null
  const handle = await open(join(dir, file.name), flags).catch(() => null)
  if (handle === null || (await handle.stat()).isFile()) return handle
  await handle.close()
  return null
}

/** The first `most` bytes of a message, fewer where it is shorter. */
export async function readStart(handle: FileHandle, most: number): Promise<Buffer> {
  const buffer = Buffer.alloc(Math.min(most, (await handle.stat()).size))
  let length = 0
  while (length < buffer.length) {
    const { bytesRead } = await handle.read(buffer, length, buffer.length - length, length)
    if (bytesRead === 0) break
    length += bytesRead
  }
  return buffer.subarray(0, length)
}
