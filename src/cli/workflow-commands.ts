import type { Finding } from '../core/finding.ts'
import type { Severity } from '../core/rules.ts'

/**
 * Findings as GitHub workflow commands, one a line, which annotate the files of a pull request. What is
 * waived is left out.
 *
 * @param pathOf a finding's file from the root of the repository
 */
export function toWorkflowCommands(findings: readonly Finding[], pathOf: (file: string) => string): string[] {
  return findings
    .filter((each) => each.waived === null)
    .map((each) => {
      const oneLine = each.endLine === each.line
      const properties = {
        file: pathOf(each.file),
        line: String(each.line),
        endLine: String(Math.max(each.line, each.endLine)),
        // GitHub takes columns for one line alone.
        ...(oneLine
          ? { col: String(each.column), endColumn: String(Math.max(each.column, each.endColumn)) }
          : {}),
        title: `${each.rule} ${each.name}`,
      }
      const written = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(value)}`)
      const text = each.hint === null ? each.message : `${each.message}\n→ ${each.hint}`
      return `::${commands[each.severity]} ${written.join(',')}::${escapeData(text)}`
    })
}

const commands: Readonly<Record<Severity, 'error' | 'warning' | 'notice'>> = {
  error: 'error',
  warning: 'warning',
  info: 'notice',
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
