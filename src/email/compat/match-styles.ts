import { parseDeclarations, parseStyleSheet, type AtRule, type Declaration, type StyleRule } from './css.ts'
import type { MailElement, MailTree } from './mail-tree.ts'
import { mediaHolds, mediaTextHolds, type Surroundings } from './media.ts'
import { matches, parseSelectors, type Budget, type Selector } from './selector.ts'

export interface StyledRule {
  readonly rule: StyleRule
  readonly selectors: readonly Selector[]
  /** Of the style element. */
  readonly media: string
}

/** The rules that touch an element, most specific last, and its own declarations: the same in all surroundings. */
export interface Matched {
  readonly rules: readonly { readonly at: StyledRule; readonly specificity: number; readonly order: number }[]
  readonly inline: readonly Declaration[]
}

export interface StyledMail {
  readonly tree: MailTree
  /** All of them, those that never match included. */
  readonly rules: readonly StyledRule[]
  readonly atRules: readonly AtRule[]
  readonly matched: ReadonlyMap<MailElement, Matched>
  /** Whether the mail was too large or its style sheets too laborious to be looked at to their end. */
  readonly cut: boolean
}

/** The sample takes about 30,000. */
const STEPS = 500_000

/** Finds which rules of the mail's own style sheets touch which elements. */
export function matchStyles(tree: MailTree): StyledMail {
  const sheets = tree.styles.map(({ css, media }) => ({ sheet: parseStyleSheet(css), media }))
  const rules: StyledRule[] = sheets.flatMap(({ sheet, media }) =>
    sheet.rules.map((rule) => ({ rule, selectors: parseSelectors(rule.prelude), media })),
  )
  const index = indexRules(rules.filter(({ rule }) => canApply(rule)))
  const budget: Budget = { left: STEPS }
  const matched = new Map<MailElement, Matched>()
  // Most style attributes of a mail are the same few.
  const read = new Map<string, readonly Declaration[]>()
  for (const element of tree.elements) {
    if (budget.left <= 0) break
    const found: { at: StyledRule; specificity: number; order: number }[] = []
    for (const { at, order, selector } of index(element)) {
      if (!matches(selector, element, budget)) continue
      found.push({ at, specificity: selector.specificity, order })
    }
    found.sort((a, b) => a.specificity - b.specificity || a.order - b.order)
    const style = element.attributes['style']
    const inline = style === undefined ? [] : (read.get(style) ?? parseDeclarations(style))
    if (style !== undefined) read.set(style, inline)
    if (found.length > 0 || inline.length > 0) matched.set(element, { rules: found, inline })
  }
  return {
    tree,
    rules,
    atRules: sheets.flatMap(({ sheet }) => sheet.atRules),
    matched,
    cut: tree.cut || budget.left <= 0,
  }
}

/** Rules in `@media` alone; what is in `@supports` and the like is left to newer programs. */
function canApply(rule: StyleRule): boolean {
  if (rule.at !== null || rule.nested) return false
  for (let at = rule.within; at !== null; at = at.parent) if (at.name !== 'media') return false
  return true
}

interface Indexed {
  readonly at: StyledRule
  readonly order: number
  readonly selector: Selector
}

/** Rules by what their last compound asks for, so that an element is held against few of them. */
function indexRules(rules: readonly StyledRule[]): (element: MailElement) => readonly Indexed[] {
  const byKey = new Map<string, Indexed[]>()
  rules.forEach((at, order) => {
    for (const selector of at.selectors) {
      if (selector.unmatched !== null) continue
      const last = selector.compounds.at(-1)
      const name = last?.tests.find(({ kind }) => kind === 'id' || kind === 'class')
      const key =
        name !== undefined && 'name' in name
          ? `${name.kind === 'id' ? '#' : '.'}${name.name}`
          : (last?.tag ?? '*')
      const list = byKey.get(key)
      if (list === undefined) byKey.set(key, [{ at, order, selector }])
      else list.push({ at, order, selector })
    }
  })
  return (element) => {
    const { id, class: classes } = element.attributes
    const keys = ['*', element.tag, ...(id === undefined ? [] : [`#${id}`])]
    if (classes !== undefined) for (const name of new Set(classes.split(/\s+/))) keys.push(`.${name}`)
    return keys.flatMap((key) => byKey.get(key) ?? [])
  }
}

/** Whether a rule's media queries are true in these surroundings. */
export function holds({ rule, media }: StyledRule, around: Surroundings): boolean {
  if (!mediaTextHolds(media, around)) return false
  for (let at = rule.within; at !== null; at = at.parent) {
    if (at.name === 'media' && !mediaHolds(at.prelude, around)) return false
  }
  return true
}
