import { cssText, type CssToken } from './css-tokens.ts'
import type { MailElement } from './mail-tree.ts'

/** One selector of a list: compounds from left to right, each with the combinator before it. */
export interface Selector {
  readonly compounds: readonly Compound[]
  /** CSS Selectors 4, section 17: ids, classes, types, as one number. */
  readonly specificity: number
  /** Null where it can match an element at rest; else why it is left out of the cascade (`:hover`, `::before`, …). */
  readonly unmatched: string | null
}

export interface Compound {
  readonly combinator: ' ' | '>' | '+' | '~'
  readonly tag: string | null
  readonly tests: readonly Test[]
}

export type Test =
  | { readonly kind: 'id' | 'class'; readonly name: string }
  | { readonly kind: 'attribute'; readonly name: string; readonly operator: string; readonly value: string }
  | { readonly kind: 'nth'; readonly step: number; readonly offset: number; readonly fromEnd: boolean }
  | { readonly kind: 'root' | 'link' }

const combinators: ReadonlySet<string> = new Set(['>', '+', '~'])

/** Reads a rule's selectors; one that is not understood has `unmatched`. Never throws. */
export function parseSelectors(prelude: readonly CssToken[]): readonly Selector[] {
  const list: CssToken[][] = [[]]
  let depth = 0
  for (const token of prelude) {
    if (token.kind === 'open' || token.kind === 'function') depth++
    else if (token.kind === 'close') depth--
    if (token.kind === 'mark' && token.text === ',' && depth === 0) list.push([])
    else list.at(-1)?.push(token)
  }
  return list.map((tokens) => parseSelector(tokens))
}

function parseSelector(tokens: readonly CssToken[]): Selector {
  const compounds: { combinator: Compound['combinator']; tag: string | null; tests: Test[] }[] = []
  let specificity = 0
  let unmatched: string | null = null
  let combinator: Compound['combinator'] = ' '
  let fresh = true
  const compound = () => {
    if (fresh) compounds.push({ combinator, tag: null, tests: [] })
    fresh = false
    combinator = ' '
    return compounds.at(-1) ?? { combinator, tag: null, tests: [] as Test[] }
  }
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]
    if (token === undefined) continue
    if (token.kind === 'space') fresh = true
    else if (token.kind === 'mark' && combinators.has(token.text)) {
      combinator = token.text === '>' ? '>' : token.text === '+' ? '+' : '~'
      fresh = true
    } else if (token.kind === 'ident') {
      const into = compound()
      into.tag = token.text.toLowerCase()
      specificity += 1
    } else if (token.kind === 'mark' && token.text === '*') compound()
    else if (token.kind === 'hash') {
      compound().tests.push({ kind: 'id', name: token.text })
      specificity += 1_000_000
    } else if (token.kind === 'mark' && token.text === '.' && tokens[at + 1]?.kind === 'ident') {
      compound().tests.push({ kind: 'class', name: tokens[at + 1]?.text ?? '' })
      specificity += 1_000
      at++
    } else if (token.kind === 'open' && token.text === '[') {
      let close = at + 1
      while (close < tokens.length && tokens[close]?.kind !== 'close') close++
      const test = attributeTest(tokens.slice(at + 1, close))
      if (test === null) unmatched ??= '['
      else compound().tests.push(test)
      specificity += 1_000
      at = close
    } else if (token.kind === 'mark' && token.text === ':') {
      const pseudo = pseudoTest(tokens, at)
      compound().tests.push(...pseudo.tests)
      unmatched ??= pseudo.unmatched
      specificity += pseudo.isElement ? 1 : 1_000
      at = pseudo.last
    } else unmatched ??= cssText([token])
  }
  if (compounds.length === 0 || compounds.length > 32) unmatched ??= ''
  return { compounds, specificity, unmatched }
}

function attributeTest(tokens: readonly CssToken[]): Test | null {
  const [name, ...rest] = tokens.filter(({ kind }) => kind !== 'space')
  if (name?.kind !== 'ident') return null
  const value = rest.findLast(({ kind }) => kind === 'string' || kind === 'ident')?.text ?? ''
  const operator = cssText(rest.filter(({ kind }) => kind === 'mark'))
  return { kind: 'attribute', name: name.text.toLowerCase(), operator, value }
}

interface Pseudo {
  readonly tests: readonly Test[]
  readonly unmatched: string | null
  readonly isElement: boolean
  readonly last: number
}

const oldElements: ReadonlySet<string> = new Set(['before', 'after', 'first-line', 'first-letter'])

function pseudoTest(tokens: readonly CssToken[], colon: number): Pseudo {
  const isDouble = tokens[colon + 1]?.text === ':' && tokens[colon + 1]?.kind === 'mark'
  const at = colon + (isDouble ? 2 : 1)
  const name = tokens[at]?.text.toLowerCase() ?? ''
  const isFunction = tokens[at]?.kind === 'function'
  let last = at
  if (isFunction) {
    for (let depth = 1; depth > 0 && last + 1 < tokens.length;) {
      const next = tokens[++last]
      if (next?.kind === 'open' || next?.kind === 'function') depth++
      else if (next?.kind === 'close') depth--
    }
  }
  const isElement = isDouble || oldElements.has(name)
  const inner = isFunction ? tokens.slice(at + 1, last) : []
  const test = isElement ? null : plainPseudo(name, cssText(inner).toLowerCase())
  const shown = `${isElement ? '::' : ':'}${name}`
  return { tests: test ?? [], unmatched: test === null ? shown : null, isElement, last }
}

function plainPseudo(name: string, inner: string): readonly Test[] | null {
  switch (name) {
    case 'root':
      return [{ kind: 'root' }]
    case 'link':
    case 'any-link':
      return [{ kind: 'link' }]
    case 'first-child':
      return [{ kind: 'nth', step: 0, offset: 1, fromEnd: false }]
    case 'last-child':
      return [{ kind: 'nth', step: 0, offset: 1, fromEnd: true }]
    case 'only-child':
      return [
        { kind: 'nth', step: 0, offset: 1, fromEnd: false },
        { kind: 'nth', step: 0, offset: 1, fromEnd: true },
      ]
    case 'nth-child':
    case 'nth-last-child': {
      const nth = nthOf(inner)
      return nth === null ? null : [{ kind: 'nth', ...nth, fromEnd: name === 'nth-last-child' }]
    }
    default:
      return null
  }
}

/** `an+b`; null where it is none. */
function nthOf(text: string): { readonly step: number; readonly offset: number } | null {
  if (text === 'odd') return { step: 2, offset: 1 }
  if (text === 'even') return { step: 2, offset: 0 }
  const found = /^(?:([+-]?\d*)n)?\s*([+-]?\s*\d+)?$/.exec(text)
  if (found === null || text === '') return null
  const [, step, offset = '0'] = found
  const number = step === undefined ? 0 : step === '' || step === '+' ? 1 : step === '-' ? -1 : Number(step)
  return { step: number, offset: Number(offset.replaceAll(' ', '')) }
}

/** How much matching may cost together; beyond it, nothing matches (hostile style sheets alone get there). */
export interface Budget {
  left: number
}

/** Whether `element` is what the selector stands for. */
export function matches(selector: Selector, element: MailElement, budget: Budget): boolean {
  if (selector.unmatched !== null) return false
  return matchesFrom(selector.compounds, selector.compounds.length - 1, element, budget)
}

function matchesFrom(
  compounds: readonly Compound[],
  index: number,
  element: MailElement,
  budget: Budget,
): boolean {
  const compound = compounds[index]
  if (compound === undefined || budget.left-- <= 0 || !matchesCompound(compound, element)) return false
  if (index === 0) return true
  const isNear = compound.combinator === '>' || compound.combinator === '+'
  const isUp = compound.combinator === ' ' || compound.combinator === '>'
  for (
    let at = isUp ? parentOf(element) : element.before;
    at !== null && budget.left > 0;
    at = isUp ? parentOf(at) : at.before
  ) {
    if (matchesFrom(compounds, index - 1, at, budget)) return true
    if (isNear) return false
  }
  return false
}

function parentOf(element: MailElement): MailElement | null {
  return element.parent?.parent === null ? null : element.parent
}

function matchesCompound({ tag, tests }: Compound, element: MailElement): boolean {
  if (tag !== null && tag !== element.tag) return false
  return tests.every((test) => passes(test, element))
}

function passes(test: Test, element: MailElement): boolean {
  switch (test.kind) {
    case 'id':
      return element.attributes['id'] === test.name
    case 'class':
      return hasWord(element.attributes['class'], test.name)
    case 'attribute':
      return passesAttribute(test, element.attributes[test.name])
    case 'root':
      return element.tag === 'html'
    case 'link':
      return element.tag === 'a' && element.attributes['href'] !== undefined
    case 'nth': {
      const index = test.fromEnd ? indexFromEnd(element) : element.index
      const past = index - test.offset
      return test.step === 0 ? past === 0 : past % test.step === 0 && past / test.step >= 0
    }
  }
}

function indexFromEnd(element: MailElement): number {
  const last = element.parent?.children.findLast((each) => each.kind === 'element')
  return last?.kind === 'element' ? last.index - element.index + 1 : 1
}

function passesAttribute(test: Extract<Test, { kind: 'attribute' }>, value: string | undefined): boolean {
  if (value === undefined) return false
  const wanted = test.value
  switch (test.operator) {
    case '':
      return true
    case '=':
      return value === wanted
    case '~=':
      return hasWord(value, wanted)
    case '|=':
      return value === wanted || value.startsWith(`${wanted}-`)
    case '^=':
      return wanted !== '' && value.startsWith(wanted)
    case '$=':
      return wanted !== '' && value.endsWith(wanted)
    case '*=':
      return wanted !== '' && value.includes(wanted)
    default:
      return false
  }
}

function hasWord(list: string | undefined, word: string): boolean {
  if (list === undefined || word === '') return false
  for (let at = list.indexOf(word); at >= 0; at = list.indexOf(word, at + 1)) {
    const before = at === 0 || /\s/.test(list[at - 1] ?? '')
    const after = at + word.length === list.length || /\s/.test(list[at + word.length] ?? '')
    if (before && after) return true
  }
  return false
}
