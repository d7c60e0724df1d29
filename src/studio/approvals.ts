import type { ApprovalStep, ApprovalStepKind, IssueStanding, SourceTick } from '../delivery/approval.ts'
import type { Tier } from '../core/tier.ts'
import type { Comparison } from '../email/compare/compare.ts'
import type { TextPlace } from './contract/finding.ts'
import type { SourceCheck } from '../issue/source-checks.ts'

/*
 * What the studio may do with the record of approvals. An approval is bound to everything that an approver
 * saw; whoever approves says with `seen` what that was, so that nobody approves what changed a moment ago.
 */

/** The record of approvals, and what an issue's former versions look like beside the present one. */
export interface Approvals {
  /** @throws OnrecordError `not-found` */
  state(issue: string): Promise<IssueApproval>
  /**
   * Records a step and writes `status:` into the issue's file.
   * @throws OnrecordError `refused` where `seen` is not what there is now, where a finding blocks an approval,
   *   or where no name is given
   */
  record(issue: string, step: NewStep): Promise<IssueApproval>
  /** Ticks a source off as it is now, or takes its tick off. @throws as `record` */
  tick(issue: string, source: string, tick: NewTick): Promise<IssueApproval>
  /** What an issue can be compared with: as it is now, then as it was, latest first. */
  versions(issue: string): Promise<readonly IssueVersion[]>
  /** The other issues as they were published or sent, latest first; then those that never were, as they are written. */
  otherVersions(issue: string): Promise<readonly OtherVersion[]>
  /** @throws OnrecordError `not-found` where one of them is not there, or cannot be rendered */
  compare(issue: string, before: ReadVersion, after: ReadVersion): Promise<ComparedVersions>
}

/** A version as readers of one tier have it. */
export interface ReadVersion {
  /** The id of a version, also of another issue, the hash of an edition (whose tier is its own), or another issue's id. */
  readonly version: string
  readonly tier: Tier
}

/** What changed, with the position marks of `now` where that is the later version (see `render/position-marks.ts`). */
export interface ComparedVersions extends Comparison {
  /** What the numbers of files in those marks stand for; empty: there are none. */
  readonly files: readonly string[]
  /** Where in that version other things are written: `subject`, `preheader`, and sources as `source:<id>`. */
  readonly places: Readonly<Record<string, TextPlace>>
}

export interface NewStep {
  readonly step: ApprovalStepKind
  /** Who takes it, as they call themselves. */
  readonly by: string
  readonly note: string | null
  /** The hash of what they saw (`IssueApproval.hash`); left out: as it is now. */
  readonly seen?: string | undefined
  /** How many steps they saw (`IssueApproval.history`): another one by now is refused, too. Left out: any. */
  readonly steps?: number | undefined
}

export interface NewTick {
  readonly ticked: boolean
  readonly by: string
  /** The hash of what they saw (`SourceCheck.hash`); left out: as it is now. */
  readonly seen?: string | undefined
}

export interface IssueApproval {
  readonly standing: IssueStanding
  /** Of what the issue is made of now; null: its files cannot be read. */
  readonly hash: string | null
  /** Where it stands, as a sentence: by whom, when, and what changed since. */
  readonly words: string
  /** Latest first. */
  readonly history: readonly ApprovalStep[]
  /** The cited sources by their numbers. */
  readonly sources: readonly TickedSource[]
  /** Why the issue's file does not say its status now, after a step; null: it does, or no step was taken. */
  readonly statusNotWritten: string | null
}

export interface TickedSource {
  readonly check: SourceCheck
  /** Null: never ticked off, or taken off. */
  readonly tick: SourceTick | null
  /** The entry, or what is said on the strength of it, has changed since the tick. */
  readonly stale: boolean
}

/** Another issue as readers have it, or as it is written. */
export interface OtherVersion {
  /** `published:<issue>`, `sent:<issue>` or `now:<issue>`. */
  readonly id: string
  readonly issue: string
  readonly kind: 'published' | 'sent' | 'now'
  /** Milliseconds since the epoch; null: now. */
  readonly at: number | null
}

export interface IssueVersion {
  /** `now`, `approved`, `published`, `sent`, or `approval-<n>` of the record. */
  readonly id: string
  /** In a sentence: “approved by Ada, 14 Nov 2025, 09:30”. */
  readonly label: string
  /** Milliseconds since the epoch; null: now. */
  readonly at: number | null
  /** Who approved it; null: it is no approval. */
  readonly by: string | null
}
