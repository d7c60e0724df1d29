import type { TextEdit } from '../text-edit.ts'
import type { FindingCounts, ShownFinding } from './finding.ts'
import type { Fix } from './fix.ts'

/** `GET /api/issues/:id/check`: errors first, then in the order of the text. */
export interface IssueCheck {
  readonly version: number
  readonly counts: FindingCounts
  readonly findings: readonly CheckFinding[]
  /** Of the rules of these findings. */
  readonly rules: Readonly<Record<string, RuleWords>>
  /** Whether the desk is still reading: findings may be of the text before, and fixes may be to come. */
  readonly running: boolean
}

/** What a person is told of a rule. */
export interface RuleWords {
  /** “Uncited fact” */
  readonly title: string
  /** Why a desk asks for it, in a sentence or two. */
  readonly why: string
}

/** Its hint is a whole sentence. */
export interface CheckFinding extends ShownFinding {
  /** The same finding has the same key after a build, so that a list keeps its place. */
  readonly key: string
  readonly fixes: readonly Fix[]
}

/** `POST /api/issues/:id/fix`; `POST …/fix/preview` answers the `FixChange` alone and writes nothing. */
export interface FixRequest {
  readonly key: string
  readonly fix: string
  /** What the fix asks for; null where it asks for nothing. */
  readonly answer: string | null
  /**
   * The text that is open in the editor: where the fix is of that file, it is made there and not on the disk. What was
   * written since the check stays; where it stands in the way, it is a conflict (409).
   */
  readonly open: { readonly path: string; readonly text: string } | null
}

/** What became of it. */
export interface Fixed {
  readonly path: string
  /** Of the file on the disk; null: nothing was written, `text` is for the editor. */
  readonly hash: string | null
  /** As it was, to take it back. */
  readonly before: string
  readonly text: string
  /** What makes the one the other, by the offsets of `before`. */
  readonly edits: readonly TextEdit[]
}
