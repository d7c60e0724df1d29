import { readdir, readFile, realpath, stat } from 'node:fs/promises'
import { join, relative, isAbsolute } from 'node:path'

/** What became of reading one file. */
export type FileRead =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'missing' }
  /** It lies outside the publication, by its path or through a symbolic link. */
  | { readonly kind: 'outside' }
  /** No regular file, too large, or not to be opened. */
  | { readonly kind: 'unreadable'; readonly message: string }

/** Reads files of one publication and remembers which; paths are relative to it, with forward slashes. */
export interface PublicationFiles {
  read(file: string, maxBytes: number): Promise<FileRead>
  /** The names in `folder`, sorted; none where it is missing or outside. */
  list(folder: string): Promise<readonly string[]>
  /** Every path that was asked for, found or not, so that a watcher sees it come and go. */
  readonly asked: ReadonlySet<string>
}

/** @param root the publication's folder */
export async function openFiles(root: string): Promise<PublicationFiles> {
  const asked = new Set<string>()
  const inside = await realpath(root)
  return {
    asked,
    async read(file, maxBytes) {
      asked.add(file)
      try {
        const path = await realpath(join(inside, file))
        if (!isWithin(inside, path)) return { kind: 'outside' }
        return await readRegular(path, maxBytes)
      } catch (error) {
        return failure(error)
      }
    },
    async list(folder) {
      try {
        const path = await realpath(join(inside, folder))
        return isWithin(inside, path) ? (await readdir(path)).sort() : []
      } catch {
        return []
      }
    },
  }
}

async function readRegular(path: string, maxBytes: number): Promise<FileRead> {
  const info = await stat(path)
  if (!info.isFile()) return { kind: 'unreadable', message: 'is not a file' }
  if (info.size > maxBytes) {
    return { kind: 'unreadable', message: `is larger than ${maxBytes / 1024 / 1024} MB` }
  }
  return { kind: 'bytes', bytes: await readFile(path) }
}

function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way !== '' && !way.startsWith('..') && !isAbsolute(way)
}

function failure(error: unknown): FileRead {
  const code = error instanceof Error && 'code' in error ? error.code : null
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return { kind: 'missing' }
    case 'ELOOP':
      return { kind: 'unreadable', message: 'is a link that leads to itself' }
    case 'EISDIR':
      return { kind: 'unreadable', message: 'is a folder' }
    case 'EACCES':
    case 'EPERM':
      return { kind: 'unreadable', message: 'may not be read: its permissions forbid it' }
    default:
      return { kind: 'unreadable', message: 'cannot be read' }
  }
}
