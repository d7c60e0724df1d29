import { parseBrief, parseIssueFile, parseSingleFile } from '../brief/parse.ts'
import { splitFrontmatter } from '../brief/frontmatter.ts'
import type { Finding } from '../core/finding.ts'
import { didYouMean } from '../core/nearest.ts'
import type { Tier } from '../core/tier.ts'
import type { Yaml } from '../core/yaml.ts'
import type { FormField, FormValue, FrontmatterForm } from './contract/frontmatter.ts'
import { frontmatterRegion, setInFrontmatter } from './frontmatter-edit.ts'
import { plans, type FieldPlan, type FrontmatterOf } from './frontmatter-fields.ts'

/** What may be chosen: the names that the publication has. */
export interface Vocabulary {
  /** Key → name. */
  readonly newsletters: Readonly<Record<string, string>>
  readonly tiers: Readonly<Record<Exclude<Tier, 'public'>, string>>
  readonly templates: readonly string[]
  /** Ids of the issue’s briefs. */
  readonly briefs: readonly string[]
  readonly tags: readonly string[]
  readonly authors: readonly string[]
}

/**
 * Reads the frontmatter of `text` as a form, after writing `set` into it; touches no byte that it need not.
 *
 * @param file path relative to the publication, for findings
 */
export function readForm(
  file: string,
  of: FrontmatterOf,
  text: string,
  set: Readonly<Record<string, FormValue | null>>,
  vocabulary: Vocabulary,
): FrontmatterForm {
  const order = plans[of].map(({ key }) => key)
  const refused: string[] = []
  let written = text
  for (const [key, value] of Object.entries(set)) {
    const next = setInFrontmatter(written, key.split('.'), value, order)
    if (next === null) refused.push(key)
    else written = next
  }
  const lines = written.split('\n')
  const { yaml, findings: fences } = splitFrontmatter(file, written)
  const [trouble] = [...fences, ...(yaml?.findings ?? [])]
  if (yaml === null || trouble !== undefined || !isMap(yaml.value)) {
    const { line = 1, column = 1 } = trouble ?? {}
    const sentence =
      trouble === undefined ? 'The frontmatter must be keys, each with a value.' : sentenceOf(trouble)
    const broken = { place: { file, line, column }, sentence }
    return { text: written, refused, broken, fields: [], findings: [] }
  }
  const front = written.slice(0, frontmatterRegion(written)?.to ?? 0)
  const found = [...findingsOf(file, of, `${front}---\n`), ...unknownNames(yaml, vocabulary)]
  const fields = plans[of].map((plan) => fieldOf(plan, yaml, lines, file, found, vocabulary))
  const told = new Set(plans[of].flatMap((plan) => found.filter((each) => isAbout(each, plan, yaml))))
  const others = found.filter((each) => !told.has(each))
  return {
    text: written,
    refused,
    broken: null,
    fields,
    findings: others.map((each) => ({ ...each, sourceLine: lines[each.line - 1] ?? null })),
  }
}

/** A finding and its next step, as sentences. */
export function sentenceOf({ message, hint }: Pick<Finding, 'message' | 'hint'>): string {
  if (hint === null) return message
  const step = hint.charAt(0).toUpperCase() + hint.slice(1)
  return `${message} ${/[.?!]$/u.test(step) ? step : `${step}.`}`
}

function findingsOf(file: string, of: FrontmatterOf, front: string): readonly Finding[] {
  switch (of) {
    case 'issue':
      return parseIssueFile(file, '', front).findings
    case 'brief':
      return parseBrief(file, front).findings
    case 'single':
      return parseSingleFile(file, front).findings
  }
}

function fieldOf(
  plan: FieldPlan,
  yaml: Yaml,
  lines: readonly string[],
  file: string,
  findings: readonly Finding[],
  vocabulary: Vocabulary,
): FormField {
  const path = plan.key.split('.')
  const written = valueAt(yaml.value, path)
  const [from, to] = [yaml.keyAt(path), yaml.at(path)]
  const isThere = written !== undefined
  const value = isThere ? formValue(written, plan.kind) : null
  const asText = lines.slice(
    from.line - 1,
    to.column === 1 && to.endColumn === 1 ? to.endLine - 1 : to.endLine,
  )
  const isOther = isThere && value === undefined
  return {
    ...plan,
    kind: isOther ? 'yaml' : plan.kind,
    value: isOther ? asText.join('\n') : (value ?? null),
    choices: plan.kind === 'choice' ? choicesOf(plan.key, value ?? null, vocabulary) : [],
    suggestions: plan.kind === 'words' ? suggestionsOf(plan.key, vocabulary) : [],
    place: isThere ? { file, line: from.line, column: from.column } : null,
    problems: findings
      .filter((each) => isAbout(each, plan, yaml))
      .map((each) => ({ severity: each.severity, sentence: sentenceOf(each) })),
  }
}

/** Undefined: a form cannot hold it. */
function formValue(written: unknown, kind: FieldPlan['kind']): FormValue | null | undefined {
  if (written === null) return null
  if (kind === 'yaml') return undefined
  if (kind === 'words') {
    const list: unknown[] = Array.isArray(written) ? written : [written]
    return list.every((each) => typeof each === 'string') ? list : undefined
  }
  if (typeof written === 'boolean') return String(written)
  return typeof written === 'string' ? written : undefined
}

/** Whether a finding is about the field: it stands where the value does, or misses its key. */
function isAbout(each: Finding, { key }: FieldPlan, yaml: Yaml): boolean {
  const path = key.split('.')
  const missing = /^The key “(.+)” is required\.$/u.exec(each.message)?.[1]
  if (missing !== undefined)
    return path.at(-1) === missing && (path.length === 1) === !isWithin(each, ['image'], yaml)
  // The description is missed at the picture itself.
  if (each.rule === 'DC807') return key === 'image.alt'
  return each.rule !== 'DC802' && isWithin(each, path, yaml)
}

function isWithin(each: Finding, path: readonly string[], yaml: Yaml): boolean {
  if (valueAt(yaml.value, path) === undefined) return false
  const [from, to] = [yaml.keyAt(path), yaml.at(path)]
  return each.line >= from.line && each.line <= Math.max(from.line, to.endLine - (to.endColumn === 1 ? 1 : 0))
}

function unknownNames(yaml: Yaml, { newsletters, templates }: Vocabulary): readonly Finding[] {
  const known = { newsletter: Object.keys(newsletters), template: templates } as const
  return (['newsletter', 'template'] as const).flatMap((key) => {
    const name = valueAt(yaml.value, [key])
    if (typeof name !== 'string' || known[key].length === 0 || known[key].includes(name)) return []
    const where = key === 'newsletter' ? 'onrecord.yaml has no newsletter' : 'There is no look'
    const hint = didYouMean(name, known[key]) ?? `there are: ${known[key].join(', ')}`
    const at = yaml.at([key])
    return [{ ...at, ...unknownName, message: `${where} “${name}”.`, hint }]
  })
}

const unknownName = { rule: 'DC801', name: 'frontmatter', severity: 'error', waived: null } as const

function choicesOf(key: string, value: FormValue | null, vocabulary: Vocabulary): FormField['choices'] {
  const known = knownChoices(key, value, vocabulary)
  const isKnown = known.some((each) => each.value === (value ?? ''))
  if (isKnown) return known
  const now = typeof value === 'string' ? { value, label: value } : { value: '', label: 'Choose …' }
  return [now, ...known]
}

function knownChoices(key: string, value: FormValue | null, vocabulary: Vocabulary): FormField['choices'] {
  const { newsletters, tiers, templates } = vocabulary
  switch (key) {
    case 'newsletter':
      return Object.entries(newsletters).map(([each, name]) => ({ value: each, label: name }))
    case 'template':
      return [
        { value: '', label: 'The newsletter’s' },
        ...templates.map((each) => ({ value: each, label: each })),
      ]
    case 'status':
      return [
        { value: 'draft', label: 'Draft' },
        { value: 'review', label: 'In review' },
        { value: 'approved', label: 'Approved' },
      ]
    case 'access':
      return [
        { value: value === 'public' ? 'public' : '', label: 'Everyone' },
        { value: 'subscriber', label: tiers.subscriber },
        { value: 'member', label: tiers.member },
      ]
    default:
      return []
  }
}

function suggestionsOf(key: string, { tags, authors, briefs }: Vocabulary): readonly string[] {
  return key === 'tags' ? tags : key === 'authors' ? authors : key === 'briefs' ? briefs : []
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  let at = value
  for (const step of path)
    at = isMap(at) && Object.hasOwn(Object(at), step) ? Reflect.get(Object(at), step) : undefined
  return at
}

function isMap(value: unknown): boolean {
  return value === null || (typeof value === 'object' && !Array.isArray(value))
}
