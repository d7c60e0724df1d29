import { Parser } from 'htmlparser2'
import { cssTokens } from '../email/compat/css-tokens.ts'
import { rewrite, type Edit } from '../email/compat/rewrite.ts'

/**
 * A mail as programs show it whose reader has asked for larger text (Android's text zoom, by which Gmail goes; iOS is
 * much the same): every size of text and every fixed height of a line is multiplied, while widths, gaps and images stay as
 * they are, so that it shows what no longer fits.
 */
export function largeText(html: string, factor: number): string {
  const edits: Edit[] = []
  let sheet: number | null = null
  let before: number | null = null
  const parser = new Parser(
    {
      onopentag(name, { style }) {
        const { startIndex: start, endIndex } = parser
        const larger = style === undefined ? undefined : largerCss(style, factor)
        if (larger !== style) edits.push({ start, end: endIndex + 1, attributes: { style: larger ?? null } })
        if (name === 'style') sheet = endIndex + 1
        if (name === 'head') before ??= endIndex + 1
      },
      onclosetag(name) {
        if (name !== 'style' || sheet === null) return
        const end = Math.max(sheet, parser.startIndex)
        edits.push({ start: sheet, end, text: largerCss(html.slice(sheet, end), factor) })
        sheet = null
      },
    },
    { decodeEntities: true },
  )
  parser.write(html)
  parser.end()
  // What names no size has the program's own; first in the head, so that whatever the mail says wins.
  const at = before ?? 0
  return rewrite(html, [
    ...edits,
    { start: at, end: at, text: `<style>html{font-size:${factor * 100}%}</style>` },
  ])
}

/** CSS, or the declarations of one element, with sizes that stand for themselves multiplied. */
function largerCss(css: string, factor: number): string {
  const parts: string[] = []
  let from = 0
  let property = ''
  let inValue = false
  for (const { kind, text, start, end } of cssTokens(css)) {
    if (kind === 'mark' && text === ':') inValue = property !== ''
    else if (
      (kind === 'mark' && text === ';') ||
      ((kind === 'open' || kind === 'close') && /[{}]/.test(text))
    ) {
      inValue = false
      property = ''
    } else if (!inValue) {
      if (kind === 'ident') property = text.toLowerCase()
      else if (kind !== 'space') property = ''
    } else if (property === 'font' || property === 'font-size' || property === 'line-height') {
      const larger =
        kind === 'number' ? largerLength(text, factor) : kind === 'ident' ? sized(text, factor) : null
      if (larger === null) continue
      parts.push(css.slice(from, start), larger)
      from = end
    }
  }
  parts.push(css.slice(from))
  return parts.join('')
}

/** Null: it depends on a size that is multiplied already, or is none. */
function largerLength(text: string, factor: number): string | null {
  const found = /^(\d*\.?\d+)(px|pt|pc|in|cm|mm|q)$/i.exec(text)
  return found === null ? null : `${Number((Number(found[1]) * factor).toFixed(3))}${found[2]}`
}

/** The sizes of CSS that have names, in pixels (CSS Fonts 4, section 2.5). */
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

function sized(text: string, factor: number): string | null {
  const size = Object.hasOwn(named, text) ? named[text] : undefined
  return size === undefined ? null : `${size * factor}px`
}
