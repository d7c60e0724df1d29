import type { TextPlace } from './finding.ts'

/** `GET /api/issues/:id/sources`: the ledger as it is on the disk; searching is the page's. Ticks are in approval.ts. */
export interface SourceList {
  /** The file that a new entry goes to. */
  readonly ledger: string
  readonly sources: readonly ShownSource[]
}

export interface ShownSource {
  readonly id: string
  /** `[3]`, as readers see it; null while no citation names it. */
  readonly number: number | null
  readonly title: string
  readonly publisher: string
  readonly url: string | null
  readonly kind: string
  /** EDTF days as they are written, or null. */
  readonly published: string | null
  readonly accessed: string | null
  readonly quotes: readonly string[]
  /** Whether a stored copy is held. */
  readonly snapshot: boolean
  /** Where the entry stands, and where it is cited. */
  readonly place: TextPlace
  readonly cited: readonly TextPlace[]
}

/** `POST /api/issues/:id/sources`: reads the page behind a URL (with the SSRF guard) and writes a ledger entry. */
export interface PasteRequest {
  readonly url: string
}

export interface PastedSource {
  readonly source: ShownSource
  /** `[@id]`, to be put where the cursor is. */
  readonly citation: string
  /** The URL was in the ledger already: nothing was written. */
  readonly existing: boolean
  /** What a person should look at, as “The page names no author.” */
  readonly notes: readonly string[]
}
