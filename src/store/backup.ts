import { randomBytes } from 'node:crypto'
import { existsSync, rmSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { OnrecordError } from '../core/errors.ts'
import { runApart, type ApartOptions } from './apart.ts'
import type { Copied } from './copy-store.ts'
import { place, refuseThere } from './place.ts'

export interface BackupOptions extends ApartOptions {
  /** The database's file. */
  readonly store: string
  readonly dataDir: string
  readonly to: string
  /** Whether a file that is there is replaced. */
  readonly force: boolean
  /** Milliseconds since the epoch. */
  readonly now: number
}

export interface Backup extends Copied {
  /** Absolute. */
  readonly file: string
  readonly bytes: number
}

/**
 * Makes one file of everything that is not in git: the database at one moment, and as rows in it the
 * images, stored copies and the key. Others go on reading and writing meanwhile, a send among them. The
 * file gets its name once it is whole, checked and on the disk; whatever stops this leaves none, or the former one.
 * @throws OnrecordError `refused` where a file is there; `not-found` without a store; `io`
 */
export async function backupStore(options: BackupOptions): Promise<Backup> {
  const file = resolve(options.to)
  const { store, dataDir, now, force, signal } = options
  if (file === resolve(store))
    throw new OnrecordError('refused', `${file} is the store itself.`, {
      hint: 'name another file, best on another disk',
    })
  if (existsSync(file) && (!force || statSync(file).isDirectory())) throw refuseThere(file)
  if (!existsSync(dirname(file)))
    throw new OnrecordError('not-found', `There is no folder ${dirname(file)}.`, {
      hint: 'make it, or name another file',
    })
  const part = `${file}.${randomBytes(4).toString('hex')}.part`
  const watching = watchSize(options, part)
  try {
    const copied = await runApart(
      { kind: 'copy', store, dataDir, part, at: now },
      { signal, onAdvance: watching.onAdvance },
    )
    const { size: bytes } = statSync(part)
    place(part, file, force)
    return { ...copied, file, bytes }
  } finally {
    watching.end()
    for (const left of [part, `${part}-journal`]) rmSync(left, { force: true })
  }
}

/** SQLite says nothing while it copies; how large the copy has become does. */
function watchSize({ store, onAdvance }: BackupOptions, part: string): ApartOptions & { end(): void } {
  const timer = setInterval(() => {
    const done = sizeOf(part)
    onAdvance({ phase: 'copying', done, total: Math.max(done, sizeOf(store)) })
  }, 250)
  return {
    signal: new AbortController().signal,
    onAdvance(advance) {
      clearInterval(timer)
      onAdvance(advance)
    },
    end: () => clearInterval(timer),
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}
