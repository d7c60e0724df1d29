/** A set of row ids, of one bit each where ids are close together: a million take 125 kB. */
export interface IdSet {
  has(id: number): boolean
  add(id: number): void
  delete(id: number): void
}

/** Ids on a page, of 4 kB. */
const PAGE = 32_768

/** Ids are whole numbers from 0. */
export function createIdSet(): IdSet {
  const pages = new Map<number, Uint8Array>()
  const pageOf = (id: number): Uint8Array | undefined => pages.get(Math.floor(id / PAGE))
  const bit = (id: number): number => 1 << (id % 8)
  const place = (id: number): number => Math.floor((id % PAGE) / 8)
  return {
    has: (id) => ((pageOf(id)?.[place(id)] ?? 0) & bit(id)) !== 0,
    add(id) {
      const page = pageOf(id) ?? new Uint8Array(PAGE / 8)
      pages.set(Math.floor(id / PAGE), page)
      page[place(id)] = (page[place(id)] ?? 0) | bit(id)
    },
    delete(id) {
      const page = pageOf(id)
      if (page !== undefined) page[place(id)] = (page[place(id)] ?? 0) & ~bit(id)
    },
  }
}
