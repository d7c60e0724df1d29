import { lstat, readdir, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { parseFileName } from './file-name.ts'

/**
 * Deletes one message.
 * @returns false: the name is none of ours, or there is no such message; a link of that name stays
 * @throws what the file system threw
 */
export async function deleteMessage(dir: string, name: string): Promise<boolean> {
  const file = parseFileName(name)
  if (file === null) return false
  const path = join(dir, file.name)
  try {
    if (!(await lstat(path)).isFile()) return false
    await unlink(path)
    return true
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
}

/**
 * Deletes the messages that are there now; one that comes meanwhile stays. Whatever else is in the folder is
 * left alone, and numbers go on from where they are.
 *
 * @param until only those received before or with this one: what somebody saw when they asked
 * @returns how many were deleted
 * @throws what the file system threw: messages may be left
 */
export async function emptyOutbox(dir: string, until: string | null = null): Promise<number> {
  const last = until === null ? null : parseFileName(until)
  if (until !== null && last === null) return 0
  let deleted = 0
  for (const name of await names(dir)) {
    const file = parseFileName(name)
    if (file === null || (last !== null && file.sequence > last.sequence)) continue
    if (await deleteMessage(dir, name)) deleted += 1
  }
  return deleted
}

async function names(dir: string): Promise<readonly string[]> {
  try {
    return await readdir(dir)
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}

function isMissing(error: unknown): boolean {
  return Reflect.get(Object(error), 'code') === 'ENOENT'
}
