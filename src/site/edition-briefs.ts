import type { Archive } from '../delivery/archive.ts'

/** Editions of which it is remembered; far more than a publication shows at a time. */
const MOST = 1_000

/**
 * The ids of an edition's briefs, in reading order; null: it was frozen without a document; undefined: there is no
 * such edition. An edition never changes, so that a page that is kept is answered without reading its document again.
 */
export function openEditionBriefs(
  archive: Pick<Archive, 'page'>,
): (hash: string) => Promise<readonly string[] | null | undefined> {
  const known = new Map<string, readonly string[]>()
  return async (hash) => {
    const before = known.get(hash)
    if (before !== undefined) return before
    const page = await archive.page(hash)
    if (page === null) return undefined
    const ids = page.document?.briefs.map(({ id }) => id) ?? null
    // Published anew, it is given one.
    if (ids === null) return null
    if (known.size >= MOST) known.clear()
    known.set(hash, ids)
    return ids
  }
}
