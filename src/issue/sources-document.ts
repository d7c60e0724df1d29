import type { Tier } from '../core/tier.ts'
import { toCslJson, type CslItem } from '../sources/csl-json.ts'
import type { ProjectedIssue, ProjectedSource } from './issue.ts'

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

/** A waiver as a reader of one tier may see it. */
export type ProjectedWaiver = SourcesDocument['waivers'][number]

/** `sources.json` of a projection; `waivers` are those of `projectWaivers` for the same tier. */
export function sourcesDocument(
  projected: ProjectedIssue,
  waivers: readonly ProjectedWaiver[],
): SourcesDocument {
  return {
    version: 1,
    issue: projected.id,
    tier: projected.tier,
    count: projected.count,
    sources: projected.sources,
    waivers,
  }
}

/** The same sources as CSL-JSON, with nothing in it that the tier may not see. */
export function sourcesAsCsl(document: Pick<SourcesDocument, 'sources'>): CslItem[] {
  return toCslJson(document.sources.map((source) => ({ ...source, author: source.authors })))
}
