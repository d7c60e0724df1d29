import { holds, type StyledMail, type StyledRule } from './match-styles.ts'
import type { Style } from './style.ts'
import { cssText } from './css-tokens.ts'
import { declaredFeatures } from './declared-features.ts'
import type { MailElement } from './mail-tree.ts'
import { markupFeatures } from './markup-features.ts'
import type { UseKey } from './notices.ts'
import type { Selector } from './selector.ts'

/** A feature that the mail uses: how often, and where first; null for what belongs to no element. */
export interface Use {
  readonly key: UseKey
  readonly count: number
  readonly element: MailElement | null
}

/** Which of the features in `notices.ts` a mail uses where a reader in a light scheme meets them. */
export function featuresUsed(mail: StyledMail, styles: ReadonlyMap<MailElement, Style>): readonly Use[] {
  const uses = new Map<UseKey, { count: number; element: MailElement | null }>()
  const add = (key: UseKey, element: MailElement | null): void => {
    const use = uses.get(key)
    if (use === undefined) uses.set(key, { count: 1, element })
    else use.count++
  }
  const active = new Set(
    mail.rules.filter((each) => [1024, 375].some((width) => holds(each, { scheme: 'light', width }))),
  )
  const keysOf = new Map<StyledRule, ReadonlySet<UseKey>>()
  for (const element of mail.tree.elements) {
    const style = styles.get(element)
    const isShown = style !== undefined && style.display !== 'none'
    const around = element.parent === null ? undefined : styles.get(element.parent)
    for (const key of markupFeatures(element, style, around)) add(key, element)
    if (!isShown) continue
    const matched = mail.matched.get(element)
    if (matched === undefined) continue
    for (const { at } of matched.rules) {
      if (!active.has(at)) continue
      const keys =
        keysOf.get(at) ?? new Set([...declaredFeatures(at.rule.declarations), ...selectorFeatures(at)])
      keysOf.set(at, keys)
      for (const key of keys) add(key, element)
    }
    for (const key of declaredFeatures(matched.inline)) add(key, element)
  }
  for (const rule of active) for (const key of unmatchedFeatures(rule)) add(key, null)
  for (const { name, prelude } of mail.atRules) {
    if (name === 'import') add('style-import', null)
    if (name === 'supports') add('supports', null)
    if (name === 'media')
      add(cssText(prelude).includes('prefers-color-scheme') ? 'dark-styles' : 'media-query', null)
  }
  return [...uses].map(([key, use]) => ({ key, ...use }))
}

/** Declarations that a reader misses when they are left out; a margin more or less is not. */
const telling =
  /^(?:color|background|display|font|border|text-decoration|text-transform|float|position|visibility|width|content)/

function selectorFeatures({ rule, selectors }: StyledRule): readonly UseKey[] {
  if (rule.within !== null || !rule.declarations.some(({ property }) => telling.test(property))) return []
  return selectors.flatMap(selectorKeys)
}

function selectorKeys({ compounds }: Selector): UseKey[] {
  const keys: UseKey[] = []
  for (const [at, { combinator, tag, tests }] of compounds.entries()) {
    if (at > 0 && combinator === '>') keys.push('child-selector')
    if (at > 0 && combinator === '+') keys.push('adjacent-selector')
    if (at > 0 && combinator === '~') keys.push('sibling-selector')
    if (tag === null && tests.length === 0) keys.push('universal-selector')
    if (tests.filter(({ kind }) => kind === 'class').length > 1) keys.push('chained-selector')
    for (const test of tests) {
      if (test.kind === 'attribute') keys.push('attribute-selector')
      if (test.kind === 'link') keys.push('link')
      if (test.kind !== 'nth') continue
      const isFirst = test.step === 0 && test.offset === 1
      if (test.fromEnd) keys.push(isFirst ? 'last-child' : 'nth-last-child')
      else keys.push(isFirst ? 'first-child' : 'nth-child')
    }
  }
  return keys
}

const pseudos: ReadonlyMap<string, UseKey> = new Map<string, UseKey>([
  [':hover', 'hover'],
  [':focus', 'focus'],
  [':active', 'active'],
  [':visited', 'visited'],
  [':not', 'not'],
  [':has', 'has'],
  ['::first-letter', 'first-letter'],
])

/** Of rules that no element at rest is matched by. */
function unmatchedFeatures({ rule, selectors }: StyledRule): readonly UseKey[] {
  if (rule.at === 'font-face') return ['font-face']
  const keys: UseKey[] = rule.nested ? ['nesting'] : []
  const content = rule.declarations.find(({ property }) => property === 'content')
  const hasWords =
    content?.value.some(({ kind, text }) => kind === 'string' && /[\p{L}\p{N}]/u.test(text)) === true
  for (const { unmatched } of selectors) {
    const key = unmatched === null ? undefined : pseudos.get(unmatched)
    if (key !== undefined) keys.push(key)
    if (unmatched === '::before' && hasWords) keys.push('text-before')
    if (unmatched === '::after' && hasWords) keys.push('text-after')
  }
  return keys
}
