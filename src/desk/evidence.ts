/** A stored copy as it was found. */
export type SnapshotState =
  | { readonly state: 'text'; readonly text: string }
  /** The ledger names a hash, and the store of this machine has no such copy. */
  | { readonly state: 'missing' }
  /** What is stored is not what its hash says, or cannot be read. */
  | { readonly state: 'damaged' }

/** What `source verify` has noted of a source's link and page. */
export interface LinkState {
  /** `dead`: three failures over six days or more; `blocked`: 401, 403 or 429, could not verify. */
  readonly state: 'ok' | 'failing' | 'dead' | 'blocked'
  /** The last answer: “404”, “no such host”; null where it was well. */
  readonly reason: string | null
  /** ISO 8601, of the last look. */
  readonly checkedAt: string
  /** The first failure of the row, or null. */
  readonly failingSince: string | null
  /** Cited passages that the snapshot has and the page no longer. */
  readonly gone: readonly string[]
}

/** What the desk reads besides the issue's own files. */
export interface Evidence {
  /** By hash, as the ledger writes it. */
  readonly snapshots: ReadonlyMap<string, SnapshotState>
  /** By the id of the source. */
  readonly links: ReadonlyMap<string, LinkState>
}

/** Nothing was looked for: the rules over snapshots and links find nothing. */
export const noEvidence: Evidence = { snapshots: new Map(), links: new Map() }
