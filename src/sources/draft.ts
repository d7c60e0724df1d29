import type { Source, SourceKind } from './source.ts'

/** An entry of the ledger before it is written: what a page, a file or the flags of a command gave. */
export interface DraftEntry {
  readonly id: string
  readonly title: string
  readonly publisher: string
  /** Null: the entry is written with `access: offline`. */
  readonly url: string | null
  /** EDTF, or `unknown`. */
  readonly published: string
  readonly modified: string | null
  /** EDTF, or `unknown`. */
  readonly accessed: string
  readonly kind: SourceKind
  readonly author: readonly string[]
  readonly lang: string | null
  readonly origin: string | null
  readonly party: string | null
  readonly reliability: Source['reliability']
  readonly archive: string | null
  readonly quotes: readonly string[]
  readonly consulted: boolean
}

/** A draft with nothing but what every entry has. */
export function draftEntry(
  known: Pick<DraftEntry, 'id' | 'title' | 'publisher' | 'url' | 'published' | 'accessed' | 'kind'> &
    Partial<DraftEntry>,
): DraftEntry {
  return {
    modified: null,
    author: [],
    lang: null,
    origin: null,
    party: null,
    reliability: null,
    archive: null,
    quotes: [],
    consulted: false,
    ...known,
  }
}

/** `text` as an id: lower-case letters, digits and hyphens, accents taken off; empty where nothing is left. */
export function idFrom(text: string, longest = 40): string {
  const plain = text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/gu, '-')
    .replace(/^-+|-+$/gu, '')
  return plain.slice(0, longest).replace(/-+$/u, '')
}

/** `wanted`, or the first of `wanted-2`, `wanted-3` … that is free. */
export function freeId(wanted: string, taken: { has(id: string): boolean }): string {
  const base = wanted === '' ? 'source' : wanted
  let id = base
  for (let count = 2; taken.has(id); count++) id = `${base}-${count}`
  return id
}
