import { isUtf8 } from 'node:buffer'
import { createHash, randomUUID } from 'node:crypto'
import {
  closeSync,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  type Stats,
} from 'node:fs'
import { link, open, readdir, readFile, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { messageOf, OnrecordError } from '../core/errors.ts'

/** The version of a file: SHA-256 of its bytes, hex. */
export function versionOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** A file was changed since so many milliseconds: whoever writes it may not have ended. */
const FRESH_MS = 25
const LOOK_MS = 8
/** How long a file that is empty, or not there for a moment, is waited for. */
const MOST_MS = 120

/**
 * The bytes of a file when nobody seems to be in the middle of writing it, or null where there is none: programs cut
 * a file to nothing before they write it, or take it away and put another in its place.
 */
export async function readSettled(path: string): Promise<Uint8Array | null> {
  for (let waited = 0, before: Uint8Array | null | undefined; ; waited += LOOK_MS) {
    const info = await stat(path).catch(ignoreMissing)
    const bytes = info === null ? null : await readFile(path).catch(ignoreMissing)
    const age = info === null ? 0 : Date.now() - info.mtimeMs
    const isSame = before !== undefined && isEqual(before, bytes)
    // Half of a file may end in the middle of a letter.
    const isDone = bytes !== null && bytes.length > 0 && isUtf8(bytes) && (isSame || age > FRESH_MS)
    // An empty file that has been so for long is meant to be empty.
    if (isDone || waited >= MOST_MS || (info !== null && age > MOST_MS)) return bytes
    before = bytes
    await wait(LOOK_MS)
  }
}

/** A save that is so old, in milliseconds, was broken off. */
const BROKEN_OFF_MS = 60_000

/** Removes what saves have left in `folder` that were broken off, as by a loss of power. */
export async function removeBrokenOff(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    if (!/^\..+\.[0-9a-f-]{36}\.onrecord$/.test(name)) continue
    const info = await stat(join(folder, name)).catch(ignoreMissing)
    if (info !== null && Date.now() - info.mtimeMs > BROKEN_OFF_MS)
      await rm(join(folder, name), { force: true })
  }
}

/** What became of a save. */
export type Written = 'written' | 'changed'

export interface WriteOptions {
  /** What the file has to hold at that moment; null: it must not exist. */
  readonly over: Uint8Array | null
  /**
   * Told of what another program, which had the former file open, wrote into it after it was replaced; nobody would
   * ever see it otherwise.
   */
  readonly onLate?: (bytes: Uint8Array) => void
}

/**
 * Puts `bytes` in the place of a file, whole or not at all: written beside it, synced, renamed. What else is in its
 * place by then is left alone (`changed`). The last look and the renaming are two calls to the kernel, one after the
 * other, and only a program that renames a file of its own in the microseconds between them goes unseen: there is no
 * way from Node to exchange two files.
 *
 * @throws OnrecordError `io`; `refused` where the file is write-protected: a rename would not mind
 */
export async function writeOver(
  path: string,
  bytes: Uint8Array,
  { over, onLate }: WriteOptions,
): Promise<Written> {
  const unfinished = join(dirname(path), `.${basename(path)}.${randomUUID()}.onrecord`)
  const mode = over === null ? 0o644 : ((await stat(path).catch(ignoreMissing))?.mode ?? 0o644) & 0o7777
  if ((mode & 0o222) === 0) {
    throw new OnrecordError('refused', `${basename(path)} is write-protected, so that nothing is saved.`, {
      hint: 'Take the protection off; a text is saved by itself then.',
    })
  }
  try {
    const file = await open(unfinished, 'wx', 0o600)
    try {
      await file.writeFile(bytes)
      await file.chmod(mode)
      await file.sync()
    } finally {
      await file.close()
    }
    const written = over === null ? await linkNew(unfinished, path) : replace(unfinished, path, over, onLate)
    if (written === 'written') await syncFolder(dirname(path))
    return written
  } catch (error) {
    const [why = messageOf(error), hint] = troubles[String(codeOf(error))] ?? []
    throw new OnrecordError('io', `${basename(path)} cannot be written: ${why}.`, {
      cause: error,
      ...(hint === undefined ? {} : { hint }),
    })
  } finally {
    await rm(unfinished, { force: true })
  }
}

const full = ['the disk is full', 'Make room on it; a text is saved by itself then.'] as const
const forbidden = [
  'the studio may not write in its folder',
  'Allow it there; a text is saved by itself then.',
] as const

/** What keeps a file from being written, and what to do. */
const troubles: Readonly<Record<string, readonly [why: string, hint: string]>> = {
  ...{ ENOSPC: full, EDQUOT: full, EACCES: forbidden, EPERM: forbidden },
  EROFS: ['its disk can only be read', 'Make it writable; a text is saved by itself then.'],
}

/** A link is refused where there is a file already. */
async function linkNew(unfinished: string, path: string): Promise<Written> {
  try {
    await link(unfinished, path)
    return 'written'
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return 'changed'
    throw error
  }
}

function replace(
  unfinished: string,
  path: string,
  over: Uint8Array,
  onLate: WriteOptions['onLate'],
): Written {
  const former = openFormer(path)
  if (former === null) return 'changed'
  let isHeld = false
  try {
    if (!isEqual(readFileSync(former), over)) return 'changed'
    if (lstatSync(path, { throwIfNoEntry: false })?.ino !== fstatSync(former).ino) return 'changed'
    renameSync(unfinished, path)
    isHeld = onLate !== undefined
    if (onLate !== undefined) void watchFormer(former, over, onLate)
    return 'written'
  } finally {
    if (!isHeld) closeSync(former)
  }
}

function openFormer(path: string): number | null {
  try {
    return openSync(path, 'r')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
}

/** When a file that was replaced is looked at again, in milliseconds after one another. */
const LATE_LOOKS_MS = [5, 15, 60, 200, 700, 1_500] as const

async function watchFormer(former: number, was: Uint8Array, onLate: (bytes: Uint8Array) => void) {
  try {
    let before: Uint8Array = was
    for (const ms of LATE_LOOKS_MS) {
      await wait(ms, undefined, { ref: false })
      const now = readWhole(former, fstatSync(former))
      // Told when two looks saw the same, so that it is not half of something.
      if (!isEqual(now, was) && now.length > 0 && isEqual(now, before)) return onLate(now)
      before = now
    }
    if (!isEqual(before, was) && before.length > 0) onLate(before)
  } finally {
    closeSync(former)
  }
}

function readWhole(file: number, { size }: Stats): Uint8Array {
  const bytes = Buffer.alloc(size)
  return bytes.subarray(0, readSync(file, bytes, 0, size, 0))
}

async function syncFolder(folder: string): Promise<void> {
  const opened = await open(folder, 'r')
  try {
    await opened.sync()
  } finally {
    await opened.close()
  }
}

function isEqual(one: Uint8Array | null, other: Uint8Array | null): boolean {
  return one === null || other === null ? one === other : Buffer.compare(one, other) === 0
}

function codeOf(error: unknown): unknown {
  return Reflect.get(Object(error), 'code')
}

function ignoreMissing(error: unknown): null {
  if (codeOf(error) === 'ENOENT') return null
  throw error
}
