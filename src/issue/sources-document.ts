import type { Tier } from '../core/tier.ts'
import type { ProjectedSource } from './issue.ts'

/** `sources.json`: the sources of an edition, for machines and for `onrecord verify`. */
export interface SourcesDocument {
  readonly version: 1
  readonly issue: string
  readonly tier: Tier
  readonly count: { readonly total: number; readonly linked: number; readonly unlockedBySubscribing: number }
  readonly sources: readonly ProjectedSource[]
  /** Exceptions that editors made, with their reasons. */
  readonly waivers: readonly {
    readonly rule: string
    readonly on: string | null
    readonly reason: string
    readonly file: string
  }[]
}
