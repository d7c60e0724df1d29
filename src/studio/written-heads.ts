import { openFiles } from '../issue/files.ts'
import { readWrittenHead, type WrittenHead } from '../issue/written-head.ts'

/** Reads the beginnings of files: a list of hundreds of issues is whole at once, and not when all of them are built. */
export interface WrittenHeads {
  /** By their ids; what was read before is not read again. */
  of(issues: readonly string[]): Promise<ReadonlyMap<string, WrittenHead>>
}

/** @param root the publication's folder */
export function openWrittenHeads(root: string): WrittenHeads {
  const known = new Map<string, WrittenHead>()
  return {
    async of(issues) {
      const missing = issues.filter((id) => !known.has(id))
      if (missing.length > 0) {
        const files = await openFiles(root)
        for (const id of missing) {
          const head = await readWrittenHead(files, id)
          if (head !== null) known.set(id, head)
        }
      }
      return known
    },
  }
}
