import type { Node } from 'mdast'
import { finding, placeOf, type Finding } from '../core/finding.ts'
import type { RuleId } from '../core/rules.ts'

/** What the steps from a generic to a typed tree share: the file's name and where findings go. */
export interface Reading {
  readonly file: string
  /** Reports at a node's place. */
  report(rule: RuleId, at: Pick<Node, 'position'>, message: string, hint?: string | null): void
}

/** A reading of `file` whose findings are added to `findings`. */
export function reading(file: string, findings: Finding[]): Reading {
  return {
    file,
    report(rule, at, message, hint = null) {
      findings.push(finding(rule, placeOf(file, at.position), message, { hint }))
    },
  }
}
