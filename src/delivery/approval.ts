import { canonicalHash } from '../core/canonical.ts'
import type { IssuePart } from '../core/issue-part.ts'
import type { Tier } from '../core/tier.ts'

/*
 * draft ⇄ review → approved → (a part changed) void
 *   ↑________________|   sent back by somebody, whose name and words are kept
 *
 * Every step is a row that nobody changes. The last row of an issue and the issue as its files are now say
 * together where it stands.
 */

export const approvalSteps = ['draft', 'review', 'approved'] as const

/** draft: sent back; review: handed to whoever approves; approved. */
export type ApprovalStepKind = (typeof approvalSteps)[number]

/** The hashes of the editions that an approver saw. */
export type SeenEditions = Readonly<Record<Tier, string>>

/** One step of an issue, by one person. */
export interface ApprovalStep {
  readonly issue: string
  readonly step: ApprovalStepKind
  /** Of `parts`: see `partsHash`. */
  readonly hash: string
  /** What the issue was made of when the step was taken. */
  readonly parts: readonly IssuePart[]
  /** Kept in the edition store; null but for an approval. */
  readonly editions: SeenEditions | null
  /** Who took it, as they call themselves. */
  readonly by: string
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly note: string | null
}

/** A reviewer has held a source against what the issue says of it. */
export interface SourceTick {
  readonly issue: string
  readonly source: string
  /** Of the ledger entry and of what is cited (`SourceCheck`); the tick stands while they are as they were. */
  readonly hash: string
  readonly by: string
  /** Milliseconds since the epoch. */
  readonly at: number
}

/** Approvals and ticks: rows are added, none is changed. */
export interface ApprovalStore {
  /** Whether any step of any issue was ever recorded: then the record decides what may go out. */
  isInUse(): Promise<boolean>
  record(step: Omit<ApprovalStep, 'at' | 'hash'>): Promise<ApprovalStep>
  /** Of one issue, first to last. */
  steps(issue: string): Promise<readonly ApprovalStep[]>
  /** The last step of every issue that has one, by its id. */
  lastSteps(): Promise<ReadonlyMap<string, ApprovalStep>>
  tick(tick: Omit<SourceTick, 'at'>): Promise<SourceTick>
  /** Takes the ticks of a source off; none: nothing. */
  untick(untick: Omit<SourceTick, 'at' | 'hash'>): Promise<void>
  /** Of one issue: the last of each source, but for those that were taken off. */
  ticks(issue: string): Promise<readonly SourceTick[]>
}

/** SHA-256 over the parts of an issue, hex: what an approval is bound to. Their order says nothing. */
export function partsHash(parts: readonly IssuePart[]): string {
  return canonicalHash(parts.map(({ kind, name, hash }) => `${kind}\0${name}\0${hash}`).toSorted())
}

/** A part that is not what it was. */
export interface PartChange {
  readonly kind: IssuePart['kind']
  readonly name: string
  readonly how: 'changed' | 'added' | 'removed'
}

/** What differs between what an approver saw and what there is now, in the order in which parts are listed. */
export function partChanges(before: readonly IssuePart[], now: readonly IssuePart[]): PartChange[] {
  const key = ({ kind, name }: IssuePart): string => `${kind}\0${name}`
  const was = new Map(before.map((part) => [key(part), part.hash]))
  const is = new Set(now.map(key))
  const change = ({ kind, name }: IssuePart, how: PartChange['how']): PartChange => ({ kind, name, how })
  return [
    ...now.flatMap((part) => {
      const hash = was.get(key(part))
      if (hash === part.hash) return []
      return [change(part, hash === undefined ? 'added' : 'changed')]
    }),
    ...before.filter((part) => !is.has(key(part))).map((part) => change(part, 'removed')),
  ]
}

/** Where an issue stands. */
export interface IssueStanding {
  readonly issue: string
  /** void: approved, and changed since. */
  readonly state: ApprovalStepKind | 'void'
  /** frontmatter: nothing was ever recorded in this store. */
  readonly decidedBy: 'record' | 'frontmatter'
  /** The approval that stands or is void; null: there is none, or it was taken back. */
  readonly approval: ApprovalStep | null
  /** The last step, whatever it was. */
  readonly last: ApprovalStep | null
  /** What changed since `approval`. */
  readonly changes: readonly PartChange[]
}

/**
 * Where an issue stands, by the record once there is one in the store, else by its frontmatter. An issue that
 * the record does not know is a draft, or in review where its frontmatter says so; never approved.
 */
export function standingOf(
  issue: {
    readonly id: string
    readonly written: ApprovalStepKind
    /** What it is made of now; null: that cannot be told, since its files cannot be read. */
    readonly parts: readonly IssuePart[] | null
  },
  record: { readonly inUse: boolean; readonly last: ApprovalStep | null },
): IssueStanding {
  const { id, written, parts } = issue
  const { inUse, last } = record
  const standing = { issue: id, approval: null, last, changes: [] }
  if (!inUse) return { ...standing, state: written, decidedBy: 'frontmatter' }
  const decided = { ...standing, decidedBy: 'record' as const }
  if (last === null) return { ...decided, state: written === 'review' ? 'review' : 'draft' }
  if (last.step !== 'approved') return { ...decided, state: last.step }
  if (parts !== null && partsHash(parts) === last.hash)
    return { ...decided, state: 'approved', approval: last }
  return { ...decided, state: 'void', approval: last, changes: partChanges(last.parts, parts ?? []) }
}

/**
 * Whether somebody has sent the issue back, to draft or to review, since its text was frozen, and nobody has approved it
 * anew. A change of its files is no such word: what was approved is what was frozen.
 *
 * @param frozenAt milliseconds since the epoch
 */
export function isSentBackSince(steps: readonly ApprovalStep[], frozenAt: number): boolean {
  const last = steps.at(-1)
  return last !== undefined && last.step !== 'approved' && last.at > frozenAt
}

/** Whether a source was ticked off as it is now; null: never, `stale`: it or what is cited has changed since. */
export function tickOf(
  check: { readonly id: string; readonly hash: string },
  ticks: readonly SourceTick[],
): { readonly tick: SourceTick; readonly stale: boolean } | null {
  const tick = ticks.find(({ source }) => source === check.id)
  return tick === undefined ? null : { tick, stale: tick.hash !== check.hash }
}
