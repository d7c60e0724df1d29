import type { RuleId } from '../core/rules.ts'
import type { KeptSnapshot } from '../sources/snapshot.ts'

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
  /** By hash, as the ledger writes it; null where nothing was looked for. */
  readonly snapshots: ReadonlyMap<string, KeptSnapshot> | null
  /** By the id of the source. */
  readonly links: ReadonlyMap<string, LinkState>
}

/** Nothing was looked for: the rules over snapshots and links find nothing. */
export const noEvidence: Evidence = { snapshots: null, links: new Map() }

/** The rules that have nothing, or not all, to go by where no stored copy and no link was looked at. */
export function unchecked(evidence: Evidence): ReadonlySet<RuleId> {
  return evidence.snapshots === null ? overSnapshots : new Set()
}

const overSnapshots: ReadonlySet<RuleId> = new Set([
  'DC205',
  'DC301',
  'DC302',
  'DC303',
  'DC502',
  'DC503',
  'DC701',
  'DC703',
  'DC704',
])
