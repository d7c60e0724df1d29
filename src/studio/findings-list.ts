import { html } from 'hono/html'
import type { Markup } from './layout.ts'
import type { ShownFinding } from './preview.ts'

const labels = { error: 'Error', warning: 'Warning', info: 'Note' } as const

/** How many findings of each severity are not waived. */
export function countFindings(
  findings: readonly ShownFinding[],
): Record<'error' | 'warning' | 'info', number> {
  const counts = { error: 0, warning: 0, info: 0 }
  for (const each of findings) if (each.waived === null) counts[each.severity]++
  return counts
}

/** “2 errors, 1 warning”, or “no findings”. */
export function summariseFindings(findings: readonly ShownFinding[]): string {
  const { error, warning, info } = countFindings(findings)
  const said = [
    plural(error, 'error', 'errors'),
    plural(warning, 'warning', 'warnings'),
    plural(info, 'note', 'notes'),
  ].filter((each) => each !== '')
  return said.length === 0 ? 'no findings' : said.join(', ')
}

/** Of findings of one rule, this many are shown before the rest folds away. */
const SHOWN_OF_A_RULE = 4

/**
 * Each finding at its line: place, message, the line itself, the next step. Errors come first and are all
 * shown; of the others of one rule the first few. Waived ones fold away.
 */
export function findingsList(findings: readonly ShownFinding[]): Markup {
  const open = findings.filter((each) => each.waived === null)
  const errors = open.filter((each) => each.severity === 'error')
  const byRule = Map.groupBy(
    open.filter((each) => each.severity !== 'error'),
    (each) => each.rule,
  )
  const waived = findings.filter((each) => each.waived !== null)
  return html`${listed(errors)}
  ${[...byRule.values()].map((group) => {
    const shown = group.length > SHOWN_OF_A_RULE + 1 ? SHOWN_OF_A_RULE : group.length
    return html`${listed(group.slice(0, shown))}
    ${folded(`${group.length - shown} more like these`, group.slice(shown))}`
  })}
  ${folded(plural(waived.length, 'waived finding', 'waived findings'), waived)}`
}

function listed(findings: readonly ShownFinding[]): Markup | string {
  if (findings.length === 0) return ''
  return html`<ol class="findings">
    ${findings.map(oneFinding)}
  </ol>`
}

function folded(summary: string, findings: readonly ShownFinding[]): Markup | string {
  if (findings.length === 0) return ''
  return html`<details class="more">
    <summary>${summary}</summary>
    ${listed(findings)}
  </details>`
}

function oneFinding(each: ShownFinding): Markup {
  return html`<li class="finding ${each.severity}">
    <p class="where">
      <span class="severity">${labels[each.severity]}</span>
      <code>${each.file}:${each.line}:${each.column}</code>
    </p>
    <p class="message">${each.message}</p>
    ${each.sourceLine === null ? '' : quotedLine(each, each.sourceLine)}
    ${each.hint === null ? '' : html`<p class="hint">${each.hint}</p>`}
    ${each.waived === null ? '' : html`<p class="hint">Waived: ${each.waived}</p>`}
    <p class="rule">${each.rule} ${each.name}</p>
  </li>`
}

/** A window of the line around what is meant, which is marked. */
function quotedLine(each: ShownFinding, line: string): Markup {
  const start = Math.min(each.column - 1, line.length)
  const end =
    each.endLine === each.line ? Math.min(Math.max(each.endColumn - 1, start), line.length) : line.length
  const from = Math.max(0, start - 40)
  const to = Math.min(line.length, Math.max(start + 60, Math.min(end, start + 160)))
  const shownEnd = Math.min(end, to)
  return html`<p class="line">
    <span class="number" aria-hidden="true">${each.line}</span
    ><code
      >${from > 0 ? '…' : ''}${line.slice(from, start)}<mark>${line.slice(start, shownEnd)}</mark>${line.slice(
        shownEnd,
        to,
      )}${to < line.length ? '…' : ''}</code
    >
  </p>`
}

function plural(count: number, one: string, many: string): string {
  return count === 0 ? '' : `${count} ${count === 1 ? one : many}`
}
