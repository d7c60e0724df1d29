import { inOrder, type Finding } from '../core/finding.ts'
import type { Publication } from '../core/publication.ts'
import type { CheckedIssue } from './checked-issue.ts'
import { checkCitations } from './citations.ts'
import { withSeverities } from './severities.ts'
import { applyWaivers } from './waivers.ts'

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
