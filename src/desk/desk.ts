import type { Root } from 'mdast'
import type { Brief, Waiver } from '../brief/brief.ts'
import { inOrder, type Finding } from '../core/finding.ts'
import type { Publication } from '../core/publication.ts'
import type { Ledger } from '../sources/source.ts'
import { checkCitations } from './citations.ts'
import { withSeverities } from './severities.ts'
import { applyWaivers } from './waivers.ts'

/** What the desk reads of an issue; `issue/`'s `LoadedIssue` is one. */
export interface CheckedIssue {
  readonly issue: {
    readonly file: string
    readonly note: Root
    readonly briefs: readonly Brief[]
    readonly ledger: Ledger
  } | null
  /** What reading the files found. */
  readonly findings: readonly Finding[]
  readonly waivers: readonly Waiver[]
}

/**
 * The desk check of an issue: what reading found, and the rules, with the publication's severities
 * and the editors' waivers applied, in the order of files and lines. `blocks()` of `core/` says
 * whether it may be built.
 */
export function checkIssue(loaded: CheckedIssue, publication: Pick<Publication, 'desk'>): Finding[] {
  const found = [...loaded.findings, ...checkCitations(loaded)]
  const rated = withSeverities(found, publication.desk.severities)
  return inOrder(applyWaivers(rated, loaded))
}
