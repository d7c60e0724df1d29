import { inOrder, type Finding } from '../core/finding.ts'
import type { Publication } from '../core/publication.ts'
import type { Ledger } from '../sources/source.ts'
import type { KeptSnapshot } from '../sources/snapshot.ts'
import type { CheckedIssue } from './checked-issue.ts'
import type { DeskCache } from './desk-cache.ts'
import { planCheck } from './engine.ts'
import { noEvidence, unchecked, type Evidence } from './evidence.ts'
import { withSeverities } from './severities.ts'
import { formRules, judged } from './stops-preview.ts'
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
  if (loaded.issue === null) return conclude(loaded, [], publication, evidence)
  const plan = planCheck(loaded.issue, publication.desk, evidence)
  const found = [...plan.texts.flatMap((text) => text.check()), ...plan.checkWhole()]
  return conclude(loaded, found, publication, evidence)
}

/**
 * The part of `checkIssue` that says whether an issue can be shown at all (`stopsPreview`), at a hundredth of
 * the cost: for a preview that shows the words first and what the desk has against them after.
 */
export function checkForm(loaded: CheckedIssue, publication: Pick<Publication, 'desk'>): Finding[] {
  if (loaded.issue === null) return conclude(loaded, [], publication, noEvidence)
  const plan = planCheck(loaded.issue, publication.desk, noEvidence, formRules)
  const found = [...plan.texts.flatMap((text) => text.check()), ...plan.checkWhole()]
  return conclude(loaded, found, publication, noEvidence, judged)
}

/** A desk that reads stored copies and link states itself, and checks no text twice that has not changed. */
export interface Desk {
  /** As `checkIssue`, with all the evidence there is. */
  check(loaded: CheckedIssue, publication: Pick<Publication, 'desk'>): Promise<Finding[]>
}

/** Where a desk finds what is not in the issue's own files. */
export interface DeskSources {
  readSnapshot(hash: string): Promise<KeptSnapshot>
  readLinks(ledger: Ledger): Promise<Evidence['links']>
  readonly cache: DeskCache
}

/** @throws what `readSnapshot` and `readLinks` throw; a cache that fails is as good as empty */
export function createDesk({ readSnapshot, readLinks, cache }: DeskSources): Desk {
  return {
    async check(loaded, publication) {
      const { issue } = loaded
      if (issue === null) return conclude(loaded, [], publication, noEvidence)
      const hashes = [...new Set([...issue.ledger.values()].flatMap(({ snapshot }) => snapshot ?? []))]
      const [kept, links] = await Promise.all([
        Promise.all(hashes.map(async (hash) => [hash, await readSnapshot(hash)] as const)),
        readLinks(issue.ledger),
      ])
      const evidence: Evidence = { snapshots: new Map(kept), links }
      const plan = planCheck(issue, publication.desk, evidence)
      const found: Finding[] = []
      for (const text of plan.texts) {
        const { name, key } = text
        const known = await cache.get(name, key)
        const findings = known ?? text.check()
        found.push(...findings)
        if (known === null) await cache.set(name, key, findings)
      }
      return conclude(loaded, [...found, ...plan.checkWhole()], publication, evidence)
    },
  }
}

function conclude(
  loaded: CheckedIssue,
  found: readonly Finding[],
  publication: Pick<Publication, 'desk'>,
  evidence: Evidence,
  leftOut: ReadonlySet<string> = new Set(),
): Finding[] {
  // What a brief that cannot be read cites is not known; nor what a list that cannot be read holds: one broken line of it is
  // one finding, not one for every citation.
  const unknown = [
    ...(loaded.isWhole === false ? ['DC102'] : []),
    ...(loaded.isLedgerRead === false ? ['DC101'] : []),
  ]
  const sure = found.filter(({ rule }) => !unknown.includes(rule))
  const rated = withSeverities([...loaded.findings, ...sure], publication.desk.severities)
  return inOrder(applyWaivers(rated, loaded, new Set([...unchecked(evidence), ...unknown, ...leftOut])))
}
