import { isUnwaivable } from '../brief/waivers.ts'
import type { Finding } from '../core/finding.ts'
import type { Severity } from '../core/rules.ts'

/**
 * The findings with the severities of the publication's `desk.severities`. The rules that no waiver may
 * soften, no setting may soften either.
 */
export function withSeverities(
  findings: readonly Finding[],
  severities: Readonly<Record<string, Severity>>,
): Finding[] {
  return findings.map((each) => {
    const severity = severityOf(each.rule, each.severity, severities)
    return severity === each.severity ? each : { ...each, severity }
  })
}

/** What a rule, or a finding of it, counts as in a publication with these settings. */
export function severityOf(
  rule: string,
  severity: Severity,
  severities: Readonly<Record<string, Severity>>,
): Severity {
  if (isUnwaivable(rule) || !Object.hasOwn(severities, rule)) return severity
  return severities[rule] ?? severity
}
