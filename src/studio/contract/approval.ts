/**
 * The record of approvals in the store, which decides what may be sent; the frontmatter does not.
 *
 * `GET /api/issues/:id/approval` → `IssueApproval`; `POST /api/issues/:id/approval` with a `NewStep`, and
 * `PUT /api/issues/:id/sources/:source/tick` with a `NewTick`, are answered with the same. What was seen and is not
 * so any more is refused (409).
 */
export type { IssueApproval, NewStep, NewTick, TickedSource } from '../approvals.ts'
