import { inOrder, type Finding } from '../core/finding.ts'
import type { Publication } from '../core/publication.ts'
import type { CheckedIssue } from './checked-issue.ts'
import { runRules } from './engine.ts'
import { noEvidence, unchecked, type Evidence } from './evidence.ts'
import { withSeverities } from './severities.ts'
import { applyWaivers } from './waivers.ts'

/**
 * The desk check of an issue: what reading found, and the rules, with the publication's severities
 * and the editors' waivers applied, in the order of files and lines. `blocks()` of `core/` says
 * whether it may be built. Pure: what stored copies and links say comes in as `evidence`.
 */
export function checkIssue(
  loaded: CheckedIssue,
  publication: Pick<Publication, 'desk'>,
  evidence: Evidence = noEvidence,
): Finding[] {
  const found = loaded.issue === null ? [] : runRules(loaded.issue, publication.desk, evidence)
  const rated = withSeverities([...loaded.findings, ...found], publication.desk.severities)
  return inOrder(applyWaivers(rated, loaded, unchecked(evidence)))
}
