import type { Finding } from '../core/finding.ts'
import type { RuleId, Severity } from '../core/rules.ts'

/**
 * The rules that no waiver and no setting may soften: each could turn members' words public, lose
 * words, or put an unsafe link into mail. A misspelt `access:` is DC802, a misspelt `:::members` DC803.
 */
const fixedRules: ReadonlySet<string> = new Set<RuleId>([
  'DC705',
  'DC801',
  'DC802',
  'DC803',
  'DC804',
  'DC805',
  'DC811',
  'DC814',
  'DC815',
  'DC816',
])

/** Whether a rule's findings can neither be waived nor given another severity. */
export function isFixed(rule: string): boolean {
  return fixedRules.has(rule)
}

/**
 * The findings with the severities of `desk.severities`. A finding that is milder than its rule's own
 * severity keeps what it has where the setting would raise it only by default.
 */
export function withSeverities(
  findings: readonly Finding[],
  severities: Readonly<Record<string, Severity>>,
): Finding[] {
  return findings.map((each) => {
    const severity = Object.hasOwn(severities, each.rule) ? severities[each.rule] : undefined
    return severity === undefined || isFixed(each.rule) ? each : { ...each, severity }
  })
}
