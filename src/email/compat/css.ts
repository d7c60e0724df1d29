import { cssTokens, type CssToken } from './css-tokens.ts'

/** `property: value`; the name in lower case, custom properties as written. */
export interface Declaration {
  readonly property: string
  /** Without spaces at its ends and without `!important`. */
  readonly value: readonly CssToken[]
  readonly important: boolean
}

/** `@media …`, `@supports …` and the like, around rules. */
export interface AtRule {
  readonly name: string
  readonly prelude: readonly CssToken[]
  readonly parent: AtRule | null
}

/** A selector with its declarations, or an at-rule that holds declarations (`@font-face`). */
export interface StyleRule {
  readonly prelude: readonly CssToken[]
  readonly declarations: readonly Declaration[]
  readonly within: AtRule | null
  /** `font-face` and the like; null for a selector's rule. */
  readonly at: string | null
  /** Whether it stands within another selector's rule. */
  readonly nested: boolean
}

export interface StyleSheet {
  readonly rules: readonly StyleRule[]
  /** Every at-rule, those without a block (`@import`) included. */
  readonly atRules: readonly AtRule[]
}

interface Open {
  readonly kind: 'group' | 'style'
  readonly at: AtRule | null
  /** The nearest at-rule, this one included. */
  readonly within: AtRule | null
  readonly nested: boolean
  readonly declarations: Declaration[]
  readonly prelude: readonly CssToken[]
}

/** At-rules whose block holds rules, not declarations. */
const groups: ReadonlySet<string> = new Set([
  'media',
  'supports',
  'layer',
  'container',
  'document',
  'keyframes',
])

/** Reads a style sheet, in linear time; never throws, whatever it is given. */
export function parseStyleSheet(css: string): StyleSheet {
  const rules: StyleRule[] = []
  const atRules: AtRule[] = []
  const open: Open[] = []
  const within = (): AtRule | null => open.at(-1)?.within ?? null
  let part: CssToken[] = []
  let depth = 0
  const end = (): void => {
    const top = open.at(-1)
    if (top?.kind === 'style') {
      const declaration = declarationOf(part)
      if (declaration !== null) top.declarations.push(declaration)
    } else if (part.find(({ kind }) => kind !== 'space')?.kind === 'at') {
      atRules.push(atRuleOf(part, within()))
    }
    part = []
    depth = 0
  }
  const close = (): void => {
    end()
    const top = open.pop()
    if (top?.kind !== 'style') return
    rules.push({
      prelude: trimmed(top.prelude),
      declarations: top.declarations,
      within: within(),
      at: top.at?.name ?? null,
      nested: top.nested,
    })
  }
  for (const token of cssTokens(css)) {
    if (token.kind === 'open' && token.text === '{') {
      const first = part.find(({ kind }) => kind !== 'space')
      const at = first?.kind === 'at' ? atRuleOf(part, within()) : null
      if (at !== null) atRules.push(at)
      const kind = at !== null && groups.has(at.name.replace(/^-[a-z]+-/, '')) ? 'group' : 'style'
      const around = open.at(-1)
      const nested =
        around !== undefined && (around.nested || (around.kind === 'style' && around.at === null))
      open.push({ kind, at, within: at ?? within(), nested, declarations: [], prelude: part })
      part = []
      depth = 0
    } else if (token.kind === 'close' && token.text === '}') close()
    else if (token.kind === 'mark' && token.text === ';' && depth === 0) end()
    else {
      if (token.kind === 'open' || token.kind === 'function') depth++
      else if (token.kind === 'close') depth = Math.max(0, depth - 1)
      part.push(token)
    }
  }
  end()
  while (open.length > 0) close()
  return { rules, atRules }
}

/** Reads a `style` attribute; never throws. */
export function parseDeclarations(css: string): readonly Declaration[] {
  const declarations: Declaration[] = []
  let part: CssToken[] = []
  let depth = 0
  const end = (): void => {
    const declaration = declarationOf(part)
    if (declaration !== null) declarations.push(declaration)
    part = []
  }
  for (const token of cssTokens(css)) {
    if (token.kind === 'mark' && token.text === ';' && depth === 0) end()
    else {
      if (token.kind === 'open' || token.kind === 'function') depth++
      else if (token.kind === 'close') depth = Math.max(0, depth - 1)
      part.push(token)
    }
  }
  end()
  return declarations
}

function atRuleOf(part: readonly CssToken[], parent: AtRule | null): AtRule {
  const [first, ...rest] = trimmed(part)
  return { name: first?.text ?? '', prelude: trimmed(rest), parent }
}

function declarationOf(part: readonly CssToken[]): Declaration | null {
  const tokens = trimmed(part)
  const [name] = tokens
  const colon = tokens.findIndex(({ kind }) => kind !== 'space' && kind !== 'ident')
  if (name?.kind !== 'ident' || tokens[colon]?.text !== ':') return null
  const value = trimmed(tokens.slice(colon + 1))
  const last = value.findLastIndex(({ kind }) => kind !== 'space')
  const before = value.slice(0, last).findLastIndex(({ kind }) => kind !== 'space')
  const important =
    value[last]?.kind === 'ident' &&
    value[last].text.toLowerCase() === 'important' &&
    value[before]?.kind === 'mark' &&
    value[before].text === '!'
  return {
    property: name.text.startsWith('--') ? name.text : name.text.toLowerCase(),
    value: important ? trimmed(value.slice(0, before)) : value,
    important,
  }
}

function trimmed(tokens: readonly CssToken[]): readonly CssToken[] {
  const first = tokens.findIndex(({ kind }) => kind !== 'space')
  if (first < 0) return []
  return tokens.slice(first, tokens.findLastIndex(({ kind }) => kind !== 'space') + 1)
}
