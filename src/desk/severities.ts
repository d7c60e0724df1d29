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
    const severity = Object.hasOwn(severities, each.rule) ? severities[each.rule] : undefined
    return severity === undefined || isUnwaivable(each.rule) ? each : { ...each, severity }
  })
}
