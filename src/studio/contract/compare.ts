import type { IssueVersion, OtherVersion } from '../approvals.ts'

/** `GET /api/issues/:id/versions`: what an issue can be compared with; as it is now, then as it was, latest first. */
export interface Versions {
  readonly versions: readonly IssueVersion[]
  /** Other issues, as they were published or sent, or as they are written. */
  readonly others: readonly OtherVersion[]
}

/**
 * `GET /api/issues/:id/compare?from=…&to=…&tier=…&fromTier=…` → `ComparedVersions`: what a reader would see changed,
 * not the markup. `from` and `to` are ids of versions, `tier` is whose edition of both, or of `to` where `fromTier` says
 * whose of `from`.
 */
export type { Change, ComparedBlock } from '../../email/compare/compare.ts'
export type { Segment } from '../../email/compare/segments.ts'
export type { ComparedVersions, IssueVersion, OtherVersion } from '../approvals.ts'
