import type { TextPlace } from './finding.ts'

/** `GET /api/issues/:id/sources`: the ledger as it is on the disk; searching is the page's. Ticks are in approval.ts. */
export interface SourceList {
  /** The file that a new entry goes to. */
  readonly ledger: string
  readonly sources: readonly ShownSource[]
  /** Why there are none where there should be, in a sentence: the ledger cannot be read. */
  readonly problem: string | null
}

export interface ShownSource {
  readonly id: string
  /** `[3]`, as readers see it; null while no citation names it. */
  readonly number: number | null
  readonly title: string
  readonly publisher: string
  readonly author: readonly string[]
  readonly url: string | null
  readonly kind: string
  /** EDTF days as they are written, or `unknown`. */
  readonly published: string
  readonly accessed: string
  readonly quotes: readonly string[]
  /** Whether the ledger names a stored copy. */
  readonly snapshot: boolean
  /** Where the entry stands, and where it is cited. */
  readonly place: TextPlace
  readonly cited: readonly TextPlace[]
}

/** `GET /api/issues/:id/source-of?url=…`: the entry that has this page under any spelling of its address. */
export interface SourceOfUrl {
  readonly source: ShownSource | null
}

/** `POST /api/issues/:id/sources`: reads the page behind a URL (with the SSRF guard) and writes a ledger entry. */
export interface PasteRequest {
  readonly url: string
  /** The text that is open in the editor: where it holds the ledger itself, it is changed there and not on the disk. */
  readonly open: { readonly path: string; readonly text: string } | null
}

export interface PastedSource {
  readonly source: ShownSource
  /** `[@id]`, to be put where the cursor is. */
  readonly citation: string
  /** The URL was in the ledger already: nothing was written. */
  readonly existing: boolean
  /** What a person should look at, as “The page names no author.” */
  readonly notes: readonly string[]
  /** What makes the open text one with the entry, by its offsets; null: the entry is on the disk. */
  readonly edit: { readonly from: number; readonly to: number; readonly insert: string } | null
}

/** `GET /api/issues/:id/sources/:source/copy`; `POST`: fetches the page and keeps a copy of it first. */
export interface StoredCopy {
  /** Its readable text; null: there is none. */
  readonly text: string | null
  /** Why not, and the next step; null where there is one. */
  readonly reason: string | null
  /** Whether a copy could be kept now: it has an address. */
  readonly fetchable: boolean
  /** ISO 8601, or null. */
  readonly capturedAt: string | null
}

/** `POST /api/issues/:id/sources/:source/citation`: a citation with words of the stored copy. */
export interface QuoteRequest {
  readonly words: string
}

export interface QuoteCitation {
  /** `[@id, "…"]`, which the desk check will find; null: the words cannot be quoted so. */
  readonly citation: string | null
  /** Why not. */
  readonly problem: string | null
}
