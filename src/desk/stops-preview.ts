import type { Finding } from '../core/finding.ts'
import { deskRules } from './rules/index.ts'

/**
 * Whether a finding keeps an issue from being shown to its own editors: errors of form, and citations that lead
 * nowhere. What the desk has against the sources of a draft stops `publish` and `send`, not its preview.
 */
export function stopsPreview(each: Finding): boolean {
  return each.severity === 'error' && each.waived === null && !judged.has(each.rule)
}

/** The rules whose findings can do so. */
export const formRules = deskRules.filter(
  ({ id, scope }) => scope === 'reading' || id === 'DC101' || id === 'DC103',
)

/** All other rules. */
export const judged: ReadonlySet<string> = new Set(
  deskRules.filter((rule) => !formRules.includes(rule)).map(({ id }) => id),
)
