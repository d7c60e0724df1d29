import { rules, type RuleId, type Severity } from './rules.ts'

/** A stretch of an editor's file. Lines and columns count from 1; the end is exclusive. */
export interface Place {
  /** Path relative to the publication, with forward slashes. */
  readonly file: string
  readonly line: number
  readonly column: number
  readonly endLine: number
  readonly endColumn: number
}

/** One result of the desk check, in the shape that `check --json` prints. */
export interface Finding extends Place {
  readonly rule: RuleId
  readonly name: string
  readonly severity: Severity
  /** One sentence in plain words. */
  readonly message: string
  /** The next step, or null where the message says it. */
  readonly hint: string | null
  /** The reason of the waiver that covers it, or null. */
  readonly waived: string | null
}

/** A finding of `rule` at `place`; name and severity come from the catalogue unless given. */
export function finding(
  rule: RuleId,
  place: Place,
  message: string,
  options: { hint?: string | null; severity?: Severity } = {},
): Finding {
  return {
    rule,
    name: rules[rule].name,
    severity: options.severity ?? rules[rule].severity,
    file: place.file,
    line: place.line,
    column: place.column,
    endLine: place.endLine,
    endColumn: place.endColumn,
    message,
    hint: options.hint ?? null,
    waived: null,
  }
}

/** The place of a whole file: its first character. */
export function startOf(file: string): Place {
  return { file, line: 1, column: 1, endLine: 1, endColumn: 1 }
}

/** A unist position, as micromark gives it, in `file`. */
export function placeOf(
  file: string,
  position:
    | {
        readonly start: { readonly line: number; readonly column: number }
        readonly end: { readonly line: number; readonly column: number }
      }
    | undefined,
): Place {
  if (position === undefined) return startOf(file)
  const { start, end } = position
  return {
    file,
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
  }
}

/** Whether any finding stops `build`, `publish` and `send`. */
export function blocks(findings: readonly Finding[]): boolean {
  return findings.some((each) => each.severity === 'error' && each.waived === null)
}

/** The order in which findings are shown: by file, then place, then rule. */
export function inOrder(findings: readonly Finding[]): Finding[] {
  return findings.toSorted(
    (a, b) =>
      compare(a.file, b.file) ||
      a.line - b.line ||
      a.column - b.column ||
      compare(a.rule, b.rule) ||
      compare(a.message, b.message),
  )
}

/** `file:line:column  message  (rule)`. */
export function formatFinding(each: Finding): string {
  return `${each.file}:${each.line}:${each.column}  ${each.message}  (${each.rule})`
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
