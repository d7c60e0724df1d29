import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The files of a folder as they are now, for tests that write in it: each begins on the same ground, a second try too. */
export interface Ground {
  /** Puts back what is another by now, and takes out what came. */
  restore(): Promise<void>
  close(): Promise<void>
}

export async function keepGround(folder: string): Promise<Ground> {
  const kept = await mkdtemp(join(tmpdir(), 'onrecord-ground-'))
  await cp(folder, kept, { recursive: true })
  const files = await filesIn(kept)
  return {
    async restore() {
      for (const file of await filesIn(folder)) if (!files.includes(file)) await rm(join(folder, file))
      for (const file of files) {
        const [is, was] = await Promise.all([
          readFile(join(folder, file)).catch(() => null),
          readFile(join(kept, file)),
        ])
        // What is as it was is left alone: a write has the issue built anew.
        if (is === null || !is.equals(was)) await writeFile(join(folder, file), was)
      }
    },
    close: () => rm(kept, { recursive: true, force: true }),
  }
}

/** All files below, by their paths in it, but for those that are about to become another. */
async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
}
