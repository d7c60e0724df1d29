import type { FindingCounts, ShownFinding } from './finding.ts'
import type { Readiness } from './issues.ts'

/** `GET /api/issues/:id/check`: errors first, then in the order of the text. */
export interface IssueCheck {
  readonly version: number
  readonly readiness: Readiness
  readonly counts: FindingCounts
  readonly findings: readonly CheckFinding[]
  /** Whether the copies of sources are still being read for the slower rules. */
  readonly running: boolean
}

export interface CheckFinding extends ShownFinding {
  /** The same finding has the same key after a build, so that a list keeps its place. */
  readonly key: string
  readonly fixes: readonly Fix[]
}

/** Something that mends a finding. */
export interface Fix {
  readonly id: string
  /** An imperative: “Insert the citation”. */
  readonly label: string
  /** `edit` changes a file at once, `waive` asks for a reason first. */
  readonly kind: 'edit' | 'waive'
}

/** `POST /api/issues/:id/fix` */
export interface FixRequest {
  readonly key: string
  readonly fix: string
  /** Of a `waive`: why, for readers; null for an `edit`. */
  readonly reason: string | null
  /** Hash of the file as the page has it: a file that is not so any more is a conflict (409), and nothing is written. */
  readonly base: string
}

/** The file it changed, to be put into the editor. */
export interface Fixed {
  readonly path: string
  readonly hash: string
  readonly text: string
}
