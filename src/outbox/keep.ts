import { mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { fileName } from './file-name.ts'
import { headerOf, splitHead } from './headers.ts'
import { openSequence } from './sequence.ts'

/** Keeps messages as files. */
export interface Keeper {
  /**
   * Writes the bytes of one message as they come. When it resolves, the file and its name are on the
   * disk; when the bytes end in an error, nothing is left.
   *
   * @returns the file's name
   */
  keep(bytes: AsyncIterable<Uint8Array>): Promise<string>
  /** Resolves when nothing is being written any more. */
  close(): Promise<void>
}

/** A half message whose server was killed is swept away after this long. */
const STALE_PART_MS = 60 * 60 * 1000

/** Headers longer than this are not searched for a Message-ID. */
const HEAD_BYTES = 64 * 1024

/** @param dir is made when missing */
export async function openKeeper(dir: string): Promise<Keeper> {
  await mkdir(dir, { recursive: true })
  await sweep(dir)
  const sequence = openSequence(dir)
  const folder = await open(dir, 'r')
  const syncFolder = coalesced(() => folder.sync())
  const pending = new Set<Promise<unknown>>()

  const keep = async (bytes: AsyncIterable<Uint8Array>): Promise<string> => {
    const number = await sequence.next()
    const part = join(dir, `.${number}.part`)
    const file = await open(part, 'wx')
    try {
      const head = await writeAll(file, bytes)
      await file.sync()
      await file.close()
      const name = fileName(number, headerOf(head, 'message-id') ?? '')
      await rename(part, join(dir, name))
      await syncFolder()
      return name
    } catch (error) {
      await file.close().catch(() => undefined)
      await rm(part, { force: true })
      throw error
    }
  }

  return {
    keep(bytes) {
      const kept = keep(bytes)
      pending.add(kept)
      const done = (): void => void pending.delete(kept)
      kept.then(done, done)
      return kept
    },
    async close() {
      await Promise.allSettled(pending)
      await folder.close()
    },
  }
}

/** Writes everything and gives back the head of the message. */
async function writeAll(file: FileHandle, bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const start: Uint8Array[] = []
  let held = 0
  for await (const chunk of bytes) {
    if (held < HEAD_BYTES) start.push(chunk)
    held += chunk.length
    await file.writeFile(chunk)
  }
  return splitHead(Buffer.concat(start).subarray(0, HEAD_BYTES)).head
}

/** Runs `sync` for all who asked before it began at once: one disk flush serves every connection. */
function coalesced(sync: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null
  let waiting: Promise<void> | null = null
  const start = (): Promise<void> => {
    const run = sync().finally(() => {
      running = null
    })
    running = run
    return run
  }
  return () => {
    if (running === null) return start()
    waiting ??= running
      .catch(() => undefined)
      .then(() => {
        waiting = null
        return start()
      })
    return waiting
  }
}

async function sweep(dir: string): Promise<void> {
  for (const name of await readdir(dir)) {
    if (!/^\.\d+\.part$/.test(name)) continue
    const { mtimeMs } = await stat(join(dir, name)).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }))
    if (Date.now() - mtimeMs > STALE_PART_MS) await rm(join(dir, name), { force: true })
  }
}
