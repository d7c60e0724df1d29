import type { IssueApproval } from '../approvals.ts'
import type { ShownFinding } from './finding.ts'

/**
 * The record of approvals in the store, which decides what may be sent; the frontmatter does not.
 *
 * `GET /api/issues/:id/approval`; `POST` to it with a `NewStep`, and `PUT /api/issues/:id/sources/:source/tick` with a
 * `NewTick`, are answered with the same. What was seen and is not so any more is refused (409), with what changed.
 */
export interface ApprovalSheet extends IssueApproval {
  /** What the desk has found about a source, by its id; those of the newest build, and only where there is any. */
  readonly findings: Readonly<Record<string, readonly ShownFinding[]>>
}

export type { PartChange } from '../../delivery/approval.ts'
export type { CheckedClaim } from '../../issue/source-checks.ts'
export type { IssueApproval, NewStep, NewTick, TickedSource } from '../approvals.ts'
