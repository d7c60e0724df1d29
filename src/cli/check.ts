import { blocks, formatFinding, type Finding } from '../core/finding.ts'
import { checkIssue } from '../desk/desk.ts'
import { listIssues, loadIssue } from '../issue/load.ts'
import { exit, type Context, type ExitCode } from './context.ts'

/** What `check --json` counts for an issue. */
interface Counts {
  readonly error: number
  readonly warning: number
  readonly info: number
  readonly waived: number
}

/** `onrecord check [issue…]`: the desk check of the named issues, or of all. */
export async function run(
  context: Context,
  options: { readonly issues: readonly string[]; readonly strict: boolean },
): Promise<ExitCode> {
  const { root, publication } = context.config()
  const ids = options.issues.length > 0 ? options.issues : listIssues(root)
  const results = []
  for (const issue of ids) {
    const findings = checkIssue(await loadIssue(root, issue, publication), publication)
    results.push({ issue, findings, counts: countFindings(findings) })
  }
  if (context.options.json) context.print(JSON.stringify(results, null, 2))
  else {
    if (results.length === 0)
      context.note('There is no issue under briefs/ yet: “onrecord new issue <title>” makes one.')
    for (const result of results) printFindings(context, result.issue, result.findings)
  }
  const stopped = results.some(
    ({ findings, counts }) => blocks(findings) || (options.strict && counts.warning > 0),
  )
  return stopped ? exit.refused : exit.done
}

/** So many warnings of one rule in one file are listed; the rest are counted, unless `--verbose`. */
const LISTED = 3

/** Prints an issue's findings, a line each with its hint, and their count. Errors are never left out. */
export function printFindings(context: Context, issue: string, findings: readonly Finding[]): void {
  const alike = Map.groupBy(
    findings,
    (each) => `${each.severity} ${each.waived === null} ${each.rule} ${each.file}`,
  )
  for (const each of findings) {
    const group = alike.get(`${each.severity} ${each.waived === null} ${each.rule} ${each.file}`) ?? []
    const index = group.indexOf(each)
    const all = each.severity === 'error' || context.options.verbose || group.length <= LISTED + 1
    if (all || index < LISTED) printFinding(context, each)
    else if (index === LISTED) {
      context.print(
        `    … and ${group.length - LISTED} more such ${each.severity}s (${each.rule}); --verbose lists them`,
      )
    }
  }
  context.print(`${issue}: ${countOf(findings)}`)
}

/** “1 error, 32 warnings, 2 waived”. */
export function countOf(findings: readonly Finding[]): string {
  const counts = countFindings(findings)
  const parts = [plural(counts.error, 'error'), plural(counts.warning, 'warning')]
  if (counts.info > 0) parts.push(`${counts.info} to know`)
  if (counts.waived > 0) parts.push(`${counts.waived} waived`)
  return parts.join(', ')
}

function printFinding(context: Context, each: Finding): void {
  const waived = each.waived === null ? '' : ` [waived: ${each.waived}]`
  const severity = each.severity === 'error' && each.waived === null ? '' : `${each.severity}: `
  context.print(formatFinding({ ...each, message: `${severity}${each.message}${waived}` }))
  if (each.hint !== null && each.waived === null) context.print(`    → ${each.hint}`)
}

function countFindings(findings: readonly Finding[]): Counts {
  const open = findings.filter((each) => each.waived === null)
  const of = (severity: Finding['severity']): number =>
    open.filter((each) => each.severity === severity).length
  return {
    error: of('error'),
    warning: of('warning'),
    info: of('info'),
    waived: findings.length - open.length,
  }
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
