import type { PreviewMeta } from './preview.ts'

/*
 * Where issues stand by the record of approvals and by what was sent: the frontmatter says it only as long as
 * neither knows of them.
 */

/** Where issues stand, by the store. */
export interface Standings {
  /** Those of which the store knows more than is written in them; by their ids. */
  of(issues: readonly WrittenIssue[]): Promise<ReadonlyMap<string, IssueStand>>
}

/** An issue as its newest build read it. */
export interface WrittenIssue {
  readonly id: string
  /** Null where it cannot be read, or was not built yet. */
  readonly status: PreviewMeta['status'] | null
  /** The same for two builds that found and made the same; null: none yet. */
  readonly state: string | null
}

export interface IssueStand {
  readonly state:
    | 'draft'
    | 'review'
    | 'approved'
    | 'void'
    | 'scheduled'
    | 'sending'
    | 'paused'
    | 'sent'
    | 'cancelled'
    | 'published'
  /** Whether it may go out as it is now, whatever went out before. */
  readonly standing: 'draft' | 'review' | 'approved' | 'void'
  /** When it came to be so: of `scheduled` when it will go out. Milliseconds since the epoch; null: the store does not say. */
  readonly at: number | null
  /** Who took the last step on the record; null: nobody did. */
  readonly by: string | null
  /** The last approval that stands or is void; null: there is none. */
  readonly approval: { readonly by: string; readonly at: number } | null
  /** What is scheduled or sent goes to the outbox. */
  readonly rehearsal: boolean
  /** When it last went to the outbox as a whole; null: never. */
  readonly rehearsedAt: number | null
}
