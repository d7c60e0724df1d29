import type { IssueVersion } from '../approvals.ts'

/** `GET /api/issues/:id/versions`: what an issue can be compared with; as it is now, then as it was, latest first. */
export interface Versions {
  readonly versions: readonly IssueVersion[]
}

/** `GET /api/issues/:id/compare?from=…&to=…&tier=…`: what a reader would see changed, not the markup. */
export type { Change, ComparedBlock, Comparison } from '../../email/compare/compare.ts'
export type { IssueVersion } from '../approvals.ts'
