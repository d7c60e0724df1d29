import type { Finding } from '../core/finding.ts'
import { rules, type RuleId, type Severity } from '../core/rules.ts'
import { deskRules } from '../desk/rules/index.ts'

/**
 * Findings as a SARIF log (OASIS SARIF 2.1.0), for code scanning. A waived finding is a suppressed result
 * (§3.27.23) with the editor's reason. Columns count UTF-16 units, as in our own findings.
 *
 * @param pathOf a finding's file as the reading tool knows it
 */
export function toSarif(findings: readonly Finding[], pathOf: (file: string) => string): object {
  const ids = [...new Set(findings.map((each) => each.rule))].toSorted()
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Onrecord', rules: ids.map(ruleOf) } },
        columnKind: 'utf16CodeUnits',
        results: findings.map((each) => resultOf(each, ids.indexOf(each.rule), pathOf)),
      },
    ],
  }
}

function ruleOf(id: RuleId): object {
  const { name, severity } = rules[id]
  const why = deskRules.find((rule) => rule.id === id)?.why
  return {
    id,
    name,
    shortDescription: { text: `${id} ${name}` },
    ...(why === undefined ? {} : { fullDescription: { text: why }, help: { text: why } }),
    defaultConfiguration: { level: levels[severity] },
  }
}

function resultOf(each: Finding, ruleIndex: number, pathOf: (file: string) => string): object {
  const uri = pathOf(each.file).split('/').map(encodeURIComponent).join('/')
  const text =
    each.hint === null
      ? each.message
      : `${each.message} Next: ${each.hint}${/[?.!]$/u.test(each.hint) ? '' : '.'}`
  const region = {
    startLine: each.line,
    startColumn: each.column,
    endLine: Math.max(each.line, each.endLine),
    endColumn: each.endLine > each.line ? each.endColumn : Math.max(each.column, each.endColumn),
  }
  return {
    ruleId: each.rule,
    ruleIndex,
    level: levels[each.severity],
    message: { text },
    locations: [{ physicalLocation: { artifactLocation: { uri, uriBaseId: '%SRCROOT%' }, region } }],
    ...(each.waived === null ? {} : { suppressions: [{ kind: 'inSource', justification: each.waived }] }),
  }
}

const levels: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  error: 'error',
  warning: 'warning',
  info: 'note',
}
