import type { Tier } from '../core/tier.ts'
import { toCslJson, type CslItem } from '../sources/csl-json.ts'
import { readingVersion } from '../sources/reading-version.ts'
import { claimsOf, type Claim } from './claims.ts'
import type { ProjectedIssue, ProjectedSource, ProjectedWaiver } from './issue.ts'
import type { SourcingStatement } from './sourcing-statement.ts'

/** `sources.json`: the sources of an edition, for machines and for `onrecord verify`. */
export interface SourcesDocument {
  readonly version: 1
  readonly issue: string
  readonly tier: Tier
  readonly count: { readonly total: number; readonly linked: number; readonly unlockedBySubscribing: number }
  readonly sources: readonly ListedSource[]
  /** Which checks a reader's `onrecord verify` has to repeat: a program with other numbers says so. */
  readonly checks?: typeof checks
  /** What the tier reads that rests on a source. */
  readonly claims?: readonly Claim[]
  /** Exceptions that editors made, with their reasons. */
  readonly waivers: readonly ProjectedWaiver[]
  /** What the issue rests on, in numbers. */
  readonly sourcing: SourcingStatement
}

/** A source without the words around its quotations: those are the page's alone. */
export type ListedSource = Omit<ProjectedSource, 'passages'>

/** Versions of the matching of quotations, and of the reading of pages that snapshots' hashes rest on. */
export const checks = { quotations: 1, reading: readingVersion } as const

/** `sources.json` of a projection. */
export function sourcesDocument(projected: ProjectedIssue): SourcesDocument {
  return {
    version: 1,
    issue: projected.id,
    tier: projected.tier,
    count: projected.count,
    sources: projected.sources.map(({ passages: _words, ...source }) => source),
    checks,
    claims: claimsOf(projected),
    waivers: projected.waivers,
    sourcing: projected.sourcing,
  }
}

/** The same sources as CSL-JSON, with nothing in it that the tier may not see. */
export function sourcesAsCsl(document: Pick<SourcesDocument, 'sources'>): CslItem[] {
  return toCslJson(document.sources.map((source) => ({ ...source, author: source.authors })))
}
