import {
  black,
  blend,
  colourAt,
  isCurrentColour,
  parseColour,
  transparent,
  white,
  type Colour,
} from './colour.ts'
import { parseDeclarations, parseStyleSheet, type AtRule, type Declaration, type StyleRule } from './css.ts'
import { cssText } from './css-tokens.ts'
import type { MailElement, MailTree } from './mail-tree.ts'
import { mediaHolds, mediaTextHolds, type Surroundings } from './media.ts'
import { matches, parseSelectors, type Budget, type Selector } from './selector.ts'

/** What of an element's style this reckons with; a model of browsers, held against Chromium by a test. */
export interface Style {
  readonly colour: Colour
  /** Its own; transparent where it has none. */
  readonly background: Colour
  /** What is seen behind its text: the backgrounds around it, on the paper. */
  readonly ground: Colour
  /** An image or gradient lies behind: the ground cannot be told. */
  readonly pictured: boolean
  /** CSS pixels. */
  readonly fontSize: number
  readonly bold: boolean
  /** As `display` says; `none` also where anything around it is. */
  readonly display: string
  /** `visibility` other than visible, or opacity 0. */
  readonly unseen: boolean
  /** Has a ground or edge of its own, and room between it and its text. */
  readonly padded: boolean
  /** Of a line of its text with the padding above and below; CSS pixels. */
  readonly lineHeight: number
  readonly upright: number
  /** Line breaks of the source are shown. */
  readonly keepsLines: boolean
}

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

/** What a mail is shown on where it says nothing, as Chromium has it (CSS Color Adjustment 1). */
interface Canvas {
  readonly paper: Colour
  readonly text: Colour
  readonly link: Colour
}

const lightCanvas: Canvas = { paper: white, text: black, link: { red: 0, green: 0, blue: 238, alpha: 1 } }
const darkCanvas: Canvas = {
  paper: { red: 18, green: 18, blue: 18, alpha: 1 },
  text: white,
  link: { red: 158, green: 158, blue: 255, alpha: 1 },
}

/** Dark where the reader asks for it and the mail says that it can. */
function canvasOf({ tree, rules }: StyledMail, { scheme }: Surroundings): Canvas {
  if (scheme === 'light') return lightCanvas
  const isDark = (text: string): boolean => /(?:^|\s)dark(?:\s|$)/.test(text)
  const byMeta = tree.elements.some(
    ({ tag, attributes }) =>
      tag === 'meta' && attributes['name'] === 'color-scheme' && isDark(attributes['content'] ?? ''),
  )
  const byRule = rules.some(
    ({ rule, selectors }) =>
      rule.within === null &&
      selectors.some(({ compounds }) => compounds.length === 1 && compounds[0]?.tests[0]?.kind === 'root') &&
      rule.declarations.some(({ property, value }) => property === 'color-scheme' && isDark(cssText(value))),
  )
  return byMeta || byRule ? darkCanvas : lightCanvas
}

/** The style of every element in these surroundings. */
export function computeStyles(mail: StyledMail, around: Surroundings): ReadonlyMap<MailElement, Style> {
  const { tree, rules, matched } = mail
  const canvas = canvasOf(mail, around)
  const holding = new Set(rules.filter((each) => holds(each, around)))
  const styles = new Map<MailElement, Style>()
  const root: Style = {
    colour: canvas.text,
    background: transparent,
    ground: canvas.paper,
    pictured: false,
    fontSize: 16,
    bold: false,
    display: 'block',
    unseen: false,
    padded: false,
    lineHeight: 0,
    upright: 0,
    keepsLines: false,
  }
  for (const element of tree.elements) {
    const parent = (element.parent === null ? undefined : styles.get(element.parent)) ?? root
    styles.set(element, styleOf(element, matched.get(element), parent, holding, canvas))
  }
  return styles
}

/** Whether a rule's media queries are true in these surroundings. */
export function holds({ rule, media }: StyledRule, around: Surroundings): boolean {
  if (!mediaTextHolds(media, around)) return false
  for (let at = rule.within; at !== null; at = at.parent) {
    if (at.name === 'media' && !mediaHolds(at.prelude, around)) return false
  }
  return true
}

const known: ReadonlySet<string> = new Set([
  'color',
  'background',
  'background-color',
  'background-image',
  'font',
  'font-size',
  'font-weight',
  'display',
  'visibility',
  'opacity',
  'padding',
  'padding-left',
  'padding-top',
  'padding-bottom',
  'line-height',
  'border',
  'border-left',
  'white-space',
])

function styleOf(
  element: MailElement,
  matched: Matched | undefined,
  parent: Style,
  holding: ReadonlySet<StyledRule>,
  canvas: Canvas,
): Style {
  const of = new Map<string, Declaration>()
  const put = (declarations: readonly Declaration[], important: boolean): void => {
    for (const each of declarations) {
      if (each.important === important && known.has(each.property)) {
        of.delete(each.property)
        of.set(each.property, each)
      }
    }
  }
  if (matched !== undefined) {
    for (const important of [false, true]) {
      for (const { at } of matched.rules) if (holding.has(at)) put(at.rule.declarations, important)
      put(matched.inline, important)
    }
  }
  return applied(element, of, parent, canvas)
}

/** The winning declarations, in the order in which they won: a later `background` undoes an earlier `background-color`. */
function applied(
  element: MailElement,
  of: ReadonlyMap<string, Declaration>,
  parent: Style,
  canvas: Canvas,
): Style {
  const { tag, attributes } = element
  let colour = hintedColour(tag, attributes, canvas) ?? parent.colour
  let background = parseColour(attributes['bgcolor'] ?? '') ?? (tag === 'mark' ? yellow : transparent)
  let pictured = attributes['background'] !== undefined
  let fontSize = parent.fontSize * (sizes[tag] ?? 1)
  let bold = parent.bold || bolds.has(tag)
  let display = attributes['hidden'] === undefined ? (displays[tag] ?? 'inline') : 'none'
  let room = 0
  let above = 0
  let below = 0
  let lineHeight = parent.lineHeight
  let edged = false
  let keepsLines = tag === 'pre' || parent.keepsLines
  let unseen = parent.unseen
  for (const [property, { value }] of of) {
    const [first] = value
    const word = first?.kind === 'ident' ? first.text.toLowerCase() : null
    switch (property) {
      case 'color':
        colour =
          word === 'inherit' || isCurrentColour(first)
            ? parent.colour
            : (colourAt(value, 0)?.colour ?? colour)
        break
      case 'background':
      case 'background-color':
      case 'background-image': {
        const ground = groundOf(value)
        if (property !== 'background-image' && ground.understood)
          background = ground.colour ?? colourOf(first, colour)
        if (property !== 'background-color' && (ground.understood || ground.pictured))
          pictured = ground.pictured
        break
      }
      case 'font':
      case 'font-size': {
        const size = property === 'font' ? shorthandSize(value) : sizeOf(first?.text ?? '', parent.fontSize)
        if (size !== null) fontSize = size
        if (property === 'font' && size !== null) bold = value.some(({ text }) => isBold(text) === true)
        break
      }
      case 'font-weight':
        bold = word === 'inherit' ? parent.bold : (isBold(first?.text ?? '') ?? bold)
        break
      case 'display':
        if (word !== null) display = word
        break
      case 'visibility':
        if (word !== null) unseen = word === 'hidden' || word === 'collapse'
        break
      case 'opacity':
        if (first?.kind === 'number' && Number.parseFloat(first.text) === 0) unseen = true
        break
      case 'padding': {
        const sides = value
          .filter(({ kind }) => kind === 'number')
          .map(({ text }) => sizeOf(text, fontSize) ?? 0)
        above = sides[0] ?? 0
        below = sides[2] ?? above
        room = sides[3] ?? sides[1] ?? above
        break
      }
      case 'padding-top':
        above = sizeOf(first?.text ?? '', fontSize) ?? above
        break
      case 'padding-bottom':
        below = sizeOf(first?.text ?? '', fontSize) ?? below
        break
      case 'line-height':
        lineHeight = heightOf(first?.text ?? '', fontSize) ?? lineHeight
        break
      case 'padding-left':
        room = sizeOf(first?.text ?? '', fontSize) ?? room
        break
      case 'border':
      case 'border-left':
        edged = word !== 'none' && first?.text !== '0'
        break
      case 'white-space':
        if (word !== null) keepsLines = word.startsWith('pre')
        break
    }
  }
  if (parent.display === 'none') display = 'none'
  const ground = blend(background, parent.ground)
  return {
    colour,
    background,
    ground,
    pictured: pictured || (parent.pictured && background.alpha < 1),
    fontSize,
    bold,
    display,
    unseen,
    lineHeight,
    upright: (lineHeight === 0 ? fontSize * 1.2 : lineHeight) + above + below,
    padded: room > 0 && (edged || background.alpha > 0),
    keepsLines,
  }
}

const yellow: Colour = { red: 255, green: 255, blue: 0, alpha: 1 }

function hintedColour(
  tag: string,
  attributes: Readonly<Record<string, string>>,
  canvas: Canvas,
): Colour | null {
  if (tag === 'a') return attributes['href'] === undefined ? null : canvas.link
  if (tag === 'mark') return black
  const named = tag === 'font' ? attributes['color'] : tag === 'body' ? attributes['text'] : undefined
  return named === undefined ? null : parseColour(named)
}

function colourOf(token: Parameters<typeof isCurrentColour>[0], current: Colour): Colour {
  return isCurrentColour(token) ? current : transparent
}

/** Null where the background has an image and no colour, or says `none`. */
function groundOf(value: Declaration['value']): {
  readonly colour: Colour | null
  readonly pictured: boolean
  readonly understood: boolean
} {
  let colour: Colour | null = null
  let pictured = false
  let understood = value.length > 0
  for (let at = 0; at < value.length; at++) {
    const found = colourAt(value, at)
    const token = value[at]
    if (found !== null) {
      colour ??= found.colour
      at = found.next - 1
    } else if (token?.kind === 'url') pictured = true
    else if (token?.kind === 'function') {
      pictured ||= token.text.includes('gradient') || token.text.startsWith('image')
      understood &&= pictured
      break
    }
  }
  return { colour, pictured, understood }
}

const bolds: ReadonlySet<string> = new Set(['b', 'strong', 'th', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6'])

const sizes: Readonly<Record<string, number>> = {
  h1: 2,
  h2: 1.5,
  h3: 1.17,
  h5: 0.83,
  h6: 0.67,
  small: 5 / 6,
  sub: 5 / 6,
  sup: 5 / 6,
  big: 1.2,
}

const displays: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    'address article aside blockquote body center div dl dt dd figure figcaption footer form h1 h2 h3 h4 h5 h6 header hr html main nav ol p pre section ul'
      .split(' ')
      .map((tag) => [tag, 'block']),
  ),
  ...Object.fromEntries(
    'head style script title meta link base template noscript'.split(' ').map((tag) => [tag, 'none']),
  ),
  li: 'list-item',
  table: 'table',
  tbody: 'table-row-group',
  thead: 'table-header-group',
  tfoot: 'table-footer-group',
  tr: 'table-row',
  td: 'table-cell',
  th: 'table-cell',
  caption: 'table-caption',
}

const named: Readonly<Record<string, number>> = {
  'xx-small': 9,
  'x-small': 10,
  small: 13,
  medium: 16,
  large: 18,
  'x-large': 24,
  'xx-large': 32,
  'xxx-large': 48,
}

function sizeOf(text: string, parent: number): number | null {
  const word = text.toLowerCase()
  if (word === 'inherit') return parent
  if (word === 'smaller') return (parent * 5) / 6
  if (word === 'larger') return parent * 1.2
  if (Object.hasOwn(named, word)) return named[word] ?? null
  const found = /^(\d*\.?\d+)(px|em|rem|%|pt)$/.exec(word)
  if (found === null) return word === '0' ? 0 : null
  const number = Number(found[1])
  switch (found[2]) {
    case 'em':
      return number * parent
    case '%':
      return (number * parent) / 100
    case 'rem':
      return number * 16
    case 'pt':
      return (number * 4) / 3
    default:
      return number
  }
}

function heightOf(text: string, fontSize: number): number | null {
  return /^\d*\.?\d+$/.test(text) ? Number(text) * fontSize : sizeOf(text, fontSize)
}

function shorthandSize(value: Declaration['value']): number | null {
  for (const { kind, text } of value) {
    if (kind !== 'number' || /^[1-9]\d\d0?$/.test(text)) continue
    return sizeOf(text, 16)
  }
  return null
}

function isBold(text: string): boolean | null {
  const word = text.toLowerCase()
  if (word === 'bold' || word === 'bolder') return true
  if (word === 'normal' || word === 'lighter') return false
  return /^[1-9]\d*$/.test(word) ? Number(word) >= 600 : null
}
