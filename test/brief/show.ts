import { formatFinding, type Finding } from '../../src/core/finding.ts'

/** Findings as people see them, each with its next step. */
export function shown(findings: readonly Finding[]): string {
  return findings
    .map((each) => `${formatFinding(each)}${each.hint === null ? '' : `\n  → ${each.hint}`}`)
    .join('\n')
}
