import { posix } from 'node:path'

/**
 * The key of an image in `Issue.images`: `src`, as written in `file`, as a path relative to the
 * publication; null for an address on the web, an absolute path or one that climbs out.
 */
export function imagePath(file: string, src: string): string | null {
  if (src === '' || src.includes('\0') || src.includes('\\')) return null
  if (/^[a-z][a-z0-9+.-]*:/iu.test(src) || src.startsWith('/')) return null
  const path = posix.normalize(posix.join(posix.dirname(file), decoded(src)))
  return path.startsWith('../') || path === '..' || path.startsWith('/') ? null : path
}

/** Markdown writes a space as `%20`. */
function decoded(src: string): string {
  try {
    return decodeURIComponent(src)
  } catch {
    return src
  }
}
