import type { Tier } from '../../core/tier.ts'
import type { TextPlace } from './finding.ts'

/** `GET /api/issues/:id/versions`: what an issue can be compared with, newest first; the draft is the first. */
export interface Versions {
  readonly versions: readonly Version[]
}

export interface Version {
  /** `draft`, `approved`, or `edition:<hash>`. */
  readonly id: string
  readonly label: string
  readonly tier: Tier | null
  /** Milliseconds since the epoch; null for the draft. */
  readonly at: number | null
}

/** `GET /api/issues/:id/compare?from=…&to=…&tier=…`: what a reader would see changed, not the markup. */
export interface Comparison {
  readonly from: Version
  readonly to: Version
  readonly tier: Tier
  readonly same: boolean
  readonly counts: { readonly added: number; readonly removed: number; readonly links: number }
  readonly parts: readonly ComparedPart[]
}

/** A paragraph, a heading, the subject: something a reader takes in at once. */
export interface ComparedPart {
  readonly kind: 'subject' | 'preheader' | 'heading' | 'text' | 'image' | 'source'
  readonly change: 'same' | 'added' | 'removed' | 'changed'
  readonly runs: readonly ComparedRun[]
  readonly place: TextPlace | null
}

export interface ComparedRun {
  readonly change: 'same' | 'added' | 'removed' | 'link'
  readonly words: string
  /** Of a `link` whose words stayed: where it led and leads. */
  readonly links: { readonly from: string | null; readonly to: string | null } | null
}
