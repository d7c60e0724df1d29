/** Pages that were made, as bytes, the least lately asked for dropped first. */
export interface PageCache {
  /** The page under `key`, made if it is not there: once, however many ask meanwhile. What fails is not kept. */
  get(key: string, make: () => string | Promise<string>): Promise<Uint8Array<ArrayBuffer>>
  /** What it holds now, in octets. */
  readonly octets: number
}

/** Of pages and their keys together. */
const ROOM = 32 * 1024 * 1024

/** A page that is larger than this share of the room would drive out too many others. */
const LARGEST_SHARE = 1 / 8

/** @param room octets that it may hold; 0 keeps nothing */
export function createPageCache(room: number = ROOM): PageCache {
  // A Map keeps the order of insertion: what is asked for is put at its end again.
  const pages = new Map<string, Uint8Array<ArrayBuffer>>()
  const making = new Map<string, Promise<Uint8Array<ArrayBuffer>>>()
  let octets = 0
  const sizeOf = (key: string, page: Uint8Array): number => key.length * 2 + page.byteLength
  const keep = (key: string, page: Uint8Array<ArrayBuffer>): void => {
    const size = sizeOf(key, page)
    if (size > room * LARGEST_SHARE) return
    pages.set(key, page)
    octets += size
    for (const [oldest, bytes] of pages) {
      if (octets <= room) break
      pages.delete(oldest)
      octets -= sizeOf(oldest, bytes)
    }
  }
  return {
    get octets() {
      return octets
    },
    async get(key, make) {
      const known = pages.get(key)
      if (known !== undefined) {
        pages.delete(key)
        pages.set(key, known)
        return known
      }
      const begun = making.get(key)
      if (begun !== undefined) return begun
      const made = (async () => new TextEncoder().encode(await make()))()
      making.set(key, made)
      try {
        const page = await made
        keep(key, page)
        return page
      } finally {
        making.delete(key)
      }
    },
  }
}
