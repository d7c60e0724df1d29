import { open, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { parseFileName } from './file-name.ts'
import { headerOf, splitHead } from './headers.ts'

/** Enough for the To field, which stands at the beginning. */
const HEAD_BYTES = 16 * 1024

/**
 * Deletes the messages of the outbox that went to somebody who is erased. Only the To field is looked at: what
 * we send has one person there.
 *
 * @param dir may not exist yet: an empty mailbox
 * @param isTheirs whether an address is one of theirs, as it stands in a To field
 * @returns how many were deleted
 * @throws what the file system threw: messages may be left
 */
export async function forgetInOutbox(dir: string, isTheirs: (address: string) => boolean): Promise<number> {
  let deleted = 0
  for (const name of await names(dir)) {
    const file = join(dir, name)
    if (!addressesIn((await headOf(file)) ?? '').some(isTheirs)) continue
    await rm(file, { force: true })
    deleted++
  }
  return deleted
}

async function names(dir: string): Promise<readonly string[]> {
  try {
    return (await readdir(dir)).filter((name) => parseFileName(name) !== null)
  } catch (error) {
    if (Reflect.get(Object(error), 'code') === 'ENOENT') return []
    throw error
  }
}

/** Null: somebody else has deleted it meanwhile. */
async function headOf(file: string): Promise<string | null> {
  const handle = await open(file, 'r').catch((error: unknown) => {
    if (Reflect.get(Object(error), 'code') === 'ENOENT') return null
    throw error
  })
  if (handle === null) return null
  try {
    const buffer = Buffer.alloc(HEAD_BYTES)
    const { bytesRead } = await handle.read(buffer, 0, HEAD_BYTES, 0)
    return splitHead(buffer.subarray(0, bytesRead)).head
  } finally {
    await handle.close()
  }
}

/** Those of the To field, without names. */
function addressesIn(head: string): readonly string[] {
  const to = headerOf(head, 'to') ?? ''
  const bracketed = [...to.matchAll(/<([^<>]*)>/g)].map(([, address = '']) => address)
  const found = bracketed.length > 0 ? bracketed : to.split(',')
  return found.map((each) => each.trim())
}
