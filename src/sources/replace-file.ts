import { open, readFile, realpath, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, relative } from 'node:path'
import { messageOf, OnrecordError } from '../core/errors.ts'

/** A lock older than this was left by a command that was killed. */
const STALE_MILLISECONDS = 30_000

/**
 * Replaces a file of the publication in `root` whole: written to a temporary name, synced, renamed.
 * Refuses when it is no longer `was` (null: it did not exist), so that nobody's saving is lost; two
 * commands that write the same file at once wait for no lock, the second is refused.
 *
 * @throws OnrecordError `refused` where it changed or lies outside `root`; `io` where it cannot be written
 */
export async function replaceFile(
  root: string,
  file: string,
  was: string | null,
  now: string,
): Promise<void> {
  const path = await placeWithin(root, file)
  const unfinished = join(dirname(path), `.${basename(path)}.onrecord`)
  const handle = await openAlone(unfinished, file)
  try {
    try {
      const mode = was === null ? 0o644 : (await stat(path)).mode & 0o777
      await handle.writeFile(now, 'utf8')
      await handle.chmod(mode)
      await handle.sync()
    } finally {
      await handle.close()
    }
    const current = await readFile(path, 'utf8').catch((error: unknown) => {
      if (Reflect.get(Object(error), 'code') === 'ENOENT') return null
      throw error
    })
    if (current !== was) {
      const hint = 'run it again: it reads the file anew'
      throw new OnrecordError(
        'refused',
        `${file} was changed by somebody else meanwhile; nothing was written.`,
        { hint },
      )
    }
    await rename(unfinished, path)
  } catch (error) {
    await rm(unfinished, { force: true })
    if (error instanceof OnrecordError) throw error
    throw new OnrecordError('io', `${file} cannot be written: ${messageOf(error)}.`, { cause: error })
  }
}

async function openAlone(unfinished: string, file: string) {
  for (let attempt = 0; ; attempt++) {
    try {
      return await open(unfinished, 'wx', 0o600)
    } catch (error) {
      const exists = Reflect.get(Object(error), 'code') === 'EEXIST'
      if (!exists)
        throw new OnrecordError('io', `${file} cannot be written: ${messageOf(error)}.`, { cause: error })
      const age = await stat(unfinished).then(
        ({ mtimeMs }) => Date.now() - mtimeMs,
        () => Infinity,
      )
      if (attempt > 0 || age < STALE_MILLISECONDS) {
        throw new OnrecordError('refused', `Another command is writing ${file} at this moment.`, {
          hint: 'wait for it, then run this again',
        })
      }
      await rm(unfinished, { force: true })
    }
  }
}

/** The file itself, through links, but never outside the publication. */
async function placeWithin(root: string, file: string): Promise<string> {
  const inside = await realpath(root)
  const folder = await realpath(dirname(join(inside, file))).catch(() => null)
  const path = await realpath(join(inside, file)).catch(() =>
    folder === null ? null : join(folder, basename(file)),
  )
  const way = path === null ? '..' : relative(inside, path)
  if (path === null || way.startsWith('..') || isAbsolute(way)) {
    throw new OnrecordError('refused', `${file} lies outside the publication, or its folder is missing.`)
  }
  return path
}
