import type { Finding } from '../core/finding.ts'
import { rules as catalogue, type RuleId, type Severity } from '../core/rules.ts'
import type { IssueContext, TextContext } from './context.ts'

/**
 * A small issue that shows a rule at work: its test, and what its page in `docs/desk/` prints. What is
 * not given is filled in so that no other rule finds anything.
 */
export interface Example {
  /** The body of a brief. */
  readonly brief: string
  /** Lines of the brief's frontmatter besides title, standfirst and date, or in their place. */
  readonly front?: string
  /** `sources.yaml`; default: one page, `daily`. */
  readonly ledger?: string
  /** The readable text of stored copies, by the id of the source; the ledger's entry gets its hash. */
  readonly snapshots?: Readonly<Record<string, string>>
  /** What `source verify` has noted of links, by the id of the source. */
  readonly links?: IssueContext['links'] extends ReadonlyMap<string, infer Link>
    ? Readonly<Record<string, Link>>
    : never
}

interface About {
  readonly id: RuleId
  readonly name: string
  readonly severity: Severity
  readonly catches: string
  /** Why a desk asks for it, in a sentence or two, for editors. */
  readonly why: string
  /** Yields findings of this rule and of no other; null for what no text alone can show. */
  readonly bad: Example | null
  /** The same, mended. */
  readonly good: Example | null
}

/**
 * A rule over one text (a brief, or the opening note) and the sources that it cites. It sees nothing else, so that
 * a text whose `TextContext` is the same need not be checked again. Pure and synchronous.
 */
export interface TextRule extends About {
  readonly scope: 'text'
  check(context: TextContext): readonly Finding[]
  /** What the rule finds in the ledger besides, once an issue. */
  checkIssue?(context: IssueContext): readonly Finding[]
}

/** A rule over the whole issue and its ledger. Pure and synchronous. */
export interface IssueRule extends About {
  readonly scope: 'issue'
  check(context: IssueContext): readonly Finding[]
}

/** A rule that reading the files applies (`brief/`, `sources/`, `issue/`, `render/`): here it is explained alone. */
export interface ReadingRule extends About {
  readonly scope: 'reading'
}

export type Rule = TextRule | IssueRule | ReadingRule

type Written<R extends Rule> = Omit<R, 'id' | 'name' | 'severity' | 'catches' | 'scope'>

/** A rule over one text; name and severity are the catalogue's. */
export function textRule(id: RuleId, rule: Written<TextRule>): TextRule {
  return { id, ...catalogue[id], scope: 'text', ...rule }
}

/** A rule over the whole issue. */
export function issueRule(id: RuleId, rule: Written<IssueRule>): IssueRule {
  return { id, ...catalogue[id], scope: 'issue', ...rule }
}

/** A rule of reading. */
export function readingRule(id: RuleId, rule: Written<ReadingRule>): ReadingRule {
  return { id, ...catalogue[id], scope: 'reading', ...rule }
}
