import { isAbsolute, join, relative, sep } from 'node:path'
import { blocks, formatFinding, type Finding } from '../core/finding.ts'
import { openDesk } from '../desk/open-desk.ts'
import { createImageCache } from '../issue/image-cache.ts'
import { listIssues, loadIssue } from '../issue/load.ts'
import { exit, type Context, type ExitCode } from './context.ts'
import type { CheckFormat } from './program.ts'
import { toSarif } from './sarif.ts'
import { toWorkflowCommands } from './workflow-commands.ts'

/** What `check --json` counts for an issue. */
interface Counts {
  readonly error: number
  readonly warning: number
  readonly info: number
  readonly waived: number
}

interface CheckCommand {
  readonly issues: readonly string[]
  readonly strict: boolean
  /** Null: text, or JSON where `--json` asks for it. */
  readonly format: CheckFormat | null
  readonly offline: boolean
}

/** `onrecord check [issue…]`: the desk check of the named issues, or of all. Asks nothing of the network. */
export async function run(context: Context, options: CheckCommand): Promise<ExitCode> {
  const { root, publication, dataDir } = context.config()
  const desk = openDesk(dataDir, { links: !options.offline })
  const imageCache = createImageCache(join(dataDir, 'images'))
  const ids = options.issues.length > 0 ? options.issues : listIssues(root)
  const results = []
  for (const issue of ids) {
    const findings = await desk.check(await loadIssue(root, issue, publication, { imageCache }), publication)
    results.push({ issue, findings, counts: countFindings(findings) })
  }
  if (results.length === 0)
    context.note('There is no issue under briefs/ yet: “onrecord new issue <title>” makes one.')
  print(context, options.format ?? (context.options.json ? 'json' : 'text'), root, results)
  const stopped = results.some(
    ({ findings, counts }) => blocks(findings) || (options.strict && counts.warning > 0),
  )
  return stopped ? exit.refused : exit.done
}

interface Result {
  readonly issue: string
  readonly findings: readonly Finding[]
  readonly counts: Counts
}

function print(context: Context, format: CheckFormat, root: string, results: readonly Result[]): void {
  const findings = results.flatMap((result) => result.findings)
  switch (format) {
    case 'json':
      return context.print(JSON.stringify(results, null, 2))
    case 'sarif':
      return context.print(JSON.stringify(toSarif(findings, pathFrom(context.cwd, root)), null, 2))
    case 'github':
      for (const command of toWorkflowCommands(findings, pathFrom(context.cwd, root))) context.print(command)
      return
    case 'text':
      for (const { issue, findings } of results) printFindings(context, issue, findings)
  }
}

/** A publication may lie within a repository, whose tools read paths from its root. */
function pathFrom(cwd: string, root: string): (file: string) => string {
  const prefix = relative(cwd, root).split(sep).join('/')
  const isWithin = prefix !== '' && !prefix.startsWith('..') && !isAbsolute(prefix)
  return (file) => (isWithin ? `${prefix}/${file}` : file)
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
