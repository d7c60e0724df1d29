/** `GET /api/issues/:id/approval`: the record in the store, which decides, not the frontmatter. */
export interface Approval {
  readonly state: 'draft' | 'review' | 'approved'
  /** Of content, ledger, template and settings as they are now; null while the issue cannot be built. */
  readonly hash: string | null
  /** What the record was given for; differs from `hash` when it is void. */
  readonly approvedHash: string | null
  /** Why an approval does not hold any more: “The ledger changed since.” */
  readonly voided: string | null
  readonly by: string | null
  /** Milliseconds since the epoch. */
  readonly at: number | null
  readonly sources: { readonly ticked: number; readonly total: number }
  /** What keeps it from being approved, in sentences; empty: it may be. */
  readonly blocking: readonly string[]
  /** Newest first. */
  readonly history: readonly ApprovalStep[]
}

export interface ApprovalStep {
  readonly action: ApprovalAction | 'voided'
  readonly by: string | null
  readonly note: string | null
  readonly at: number
}

/** draft ─ask▶ review ─approve▶ approved; `withdraw` leads back to draft. */
export type ApprovalAction = 'ask' | 'approve' | 'withdraw'

/** `POST /api/issues/:id/approval`, answered with `Approval`. */
export interface ApprovalRequest {
  readonly action: ApprovalAction
  readonly by: string
  readonly note: string | null
  /** What the person was looking at: where it is not so any more, nothing is recorded (409). */
  readonly hash: string
}
