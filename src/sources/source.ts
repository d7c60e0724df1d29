import type { Place } from '../core/finding.ts'

export const sourceKinds = [
  'official',
  'un',
  'wire',
  'newspaper',
  'broadcaster',
  'thinktank',
  'paper',
  'dataset',
  'interview',
  'social',
  'reference',
] as const

export type SourceKind = (typeof sourceKinds)[number]

/** One entry of the ledger. Optional fields are null where the editor left them out. */
export interface Source {
  readonly id: string
  readonly title: string
  readonly publisher: string
  /** Tracking parameters stripped; null where `access: offline` or reached only via another. */
  readonly url: string | null
  /** `offline`: a document without an address. */
  readonly access: 'online' | 'offline'
  /** EDTF, or `unknown`. */
  readonly published: string
  /** When the page says it was last changed: EDTF, `unknown`, or null. What is cited is `published`. */
  readonly modified: string | null
  /** EDTF, or `unknown`. */
  readonly accessed: string
  readonly kind: SourceKind
  readonly author: readonly string[]
  readonly lang: string | null
  /** The id of the source it relays, or a wire's name. */
  readonly origin: string | null
  readonly party: string | null
  readonly reliability: 'A' | 'B' | 'C' | 'D' | 'E' | 'F' | null
  readonly archive: string | null
  /** `sha256:…`, or null: not verified. */
  readonly snapshot: string | null
  readonly anonymity: { readonly reason: string; readonly access: string } | null
  readonly quotes: readonly string[]
  /** Read but not cited. */
  readonly consulted: boolean
  readonly waivers: readonly { readonly rule: string; readonly reason: string }[]
  /** Where the entry stands. */
  readonly place: Place
}

/** The list of sources of an issue, by id, in the order written. */
export type Ledger = ReadonlyMap<string, Source>
