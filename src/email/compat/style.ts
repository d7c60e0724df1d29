import { blend, colourAt, isCurrentColour, parseColour, transparent, black, type Colour } from './colour.ts'
import type { Declaration } from './css.ts'
import { bolds, displays, sizes } from './element-defaults.ts'
import type { MailElement } from './mail-tree.ts'
import { heightOf, isBold, shorthandSize, sizeOf } from './style-values.ts'

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

/** What a mail is shown on where it says nothing, as Chromium has it (CSS Color Adjustment 1). */
export interface Canvas {
  readonly paper: Colour
  readonly text: Colour
  readonly link: Colour
}

/** The properties that are reckoned with. */
export const known: ReadonlySet<string> = new Set([
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

/** The style by the winning declarations, given in the order in which they won: a later `background` undoes an earlier `background-color`. */
export function applied(
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

/** What a `background` says; the colour is null where the background has an image and no colour, or says `none`. */
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
