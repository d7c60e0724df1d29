import { Parser } from 'htmlparser2'
import { colourAt, colourText, parseColour, type Colour } from './colour.ts'
import { cssTokens, type CssToken } from './css-tokens.ts'
import { darkEdge, darkGround, lightText } from './dark-colour.ts'
import { rewrite, type Edit } from './rewrite.ts'

/**
 * A mail as a program shows it that turns mails dark by itself (Gmail on Android and iOS, Outlook), by the
 * model in `dark-colour.ts`: every colour that the mail names is exchanged, what it leaves to the program is
 * light text on a dark ground, its own dark styles are not asked, and pictures stay as they are.
 */
export function forcedDark(html: string): string {
  const edits: Edit[] = []
  let sheet: { start: number } | null = null
  let before: number | null = null
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        const { startIndex: start, endIndex } = parser
        const changed: Record<string, string> = {}
        const { style, bgcolor, color, text, content } = attributes
        if (style !== undefined) changed['style'] = darkCss(style)
        if (bgcolor !== undefined) changed['bgcolor'] = exchanged(bgcolor, darkGround)
        if (color !== undefined && name === 'font') changed['color'] = exchanged(color, lightText)
        if (text !== undefined && name === 'body') changed['text'] = exchanged(text, lightText)
        if (
          name === 'meta' &&
          content !== undefined &&
          attributes['name']?.endsWith('color-scheme') === true
        ) {
          changed['content'] = 'light'
        }
        if (Object.keys(changed).length > 0) edits.push({ start, end: endIndex + 1, attributes: changed })
        if (name === 'style') sheet = { start: endIndex + 1 }
        if (name === 'head') before ??= endIndex + 1
      },
      onclosetag(name) {
        if (name !== 'style' || sheet === null) return
        const { start } = sheet
        const end = Math.max(start, parser.startIndex)
        edits.push({ start, end, text: darkCss(withoutDarkRules(html.slice(start, end))) })
        sheet = null
      },
    },
    { decodeEntities: true },
  )
  parser.write(html)
  parser.end()
  const own = `<style>:root{color-scheme:only light}html{background:${colourText(darkGround(paper))};color:${colourText(lightText(ink))}}a{color:${colourText(lightText(linkBlue))}}</style>`
  // First in the head, so that whatever the mail says wins.
  const at = before ?? 0
  return rewrite(html, [...edits, { start: at, end: at, text: own }])
}

const paper: Colour = { red: 255, green: 255, blue: 255, alpha: 1 }
const ink: Colour = { red: 0, green: 0, blue: 0, alpha: 1 }
const linkBlue: Colour = { red: 0, green: 0, blue: 238, alpha: 1 }

function exchanged(value: string, turn: (colour: Colour) => Colour): string {
  const colour = parseColour(value)
  return colour === null ? value : colourText(turn(colour))
}

/** CSS with each colour exchanged by the property it stands in: grounds by their rule, all else by that of text. */
function darkCss(css: string): string {
  const tokens = cssTokens(css)
  const parts: string[] = []
  let from = 0
  let property = ''
  let inValue = false
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]
    if (token === undefined) continue
    if (token.kind === 'mark' && token.text === ':') inValue = property !== ''
    else if (isEnd(token)) {
      inValue = false
      property = ''
    } else if (!inValue) {
      if (token.kind === 'ident') property = token.text.toLowerCase()
      else if (token.kind !== 'space') property = ''
    } else {
      const found = coloured.test(property) ? colourAt(tokens, at) : null
      if (found === null) continue
      const last = tokens[found.next - 1] ?? token
      const turned = turnOf(property)(found.colour)
      parts.push(css.slice(from, token.start), colourText(turned))
      from = last.end
      at = found.next - 1
    }
  }
  parts.push(css.slice(from))
  return parts.join('')
}

function turnOf(property: string): (colour: Colour) => Colour {
  if (property.startsWith('background')) return darkGround
  return property.startsWith('border') || property.startsWith('outline') ? darkEdge : lightText
}

const coloured =
  /^(?:color|background(?:-color)?|border(?:-[a-z-]+)?|outline(?:-color)?|text-decoration(?:-color)?|caret-color|fill|stroke)$/

function isEnd({ kind, text }: CssToken): boolean {
  return (kind === 'mark' && text === ';') || ((kind === 'open' || kind === 'close') && /[{}]/.test(text))
}

/** Without blocks of `@media (prefers-color-scheme…)` and without `color-scheme`, of which these programs know nothing. */
function withoutDarkRules(css: string): string {
  const tokens = cssTokens(css)
  const parts: string[] = []
  let from = 0
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]
    if (token?.kind !== 'at' || token.text !== 'media') continue
    let open = at
    do open++
    while (open < tokens.length && !isEnd(tokens[open] ?? token) && tokens[open]?.kind !== 'at')
    const prelude = css.slice(token.start, tokens[open]?.start ?? css.length)
    if (tokens[open]?.text !== '{' || !prelude.toLowerCase().includes('prefers-color-scheme')) continue
    let depth = 1
    let close = open + 1
    for (; close < tokens.length && depth > 0; close++) {
      const each = tokens[close]
      if (each?.kind === 'open' && each.text === '{') depth++
      else if (each?.kind === 'close' && each.text === '}') depth--
    }
    parts.push(css.slice(from, token.start))
    from = tokens[close - 1]?.end ?? css.length
    at = close - 1
  }
  parts.push(css.slice(from))
  return parts.join('').replaceAll(/(?<![\w-])(?:supported-)?color-scheme\s*:[^;}]*;?/gi, '')
}
