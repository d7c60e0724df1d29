/** One token of CSS; `start` and `end` are offsets in the text it was cut from. */
export interface CssToken {
  readonly kind: CssTokenKind
  /** Names in lower case and unescaped; strings and addresses without their marks; the rest as written. */
  readonly text: string
  readonly start: number
  readonly end: number
}

export type CssTokenKind =
  | 'ident'
  | 'function' // its name; the bracket is part of it
  | 'at'
  | 'hash'
  | 'string'
  | 'url'
  | 'number' // with its unit or %
  | 'space'
  | 'open' // ( [ {
  | 'close'
  | 'mark' // any other character

/**
 * CSS cut into tokens (CSS Syntax 3, section 4), in linear time. Never throws: what is not closed ends
 * with the text. Comments are left out.
 */
export function cssTokens(css: string): readonly CssToken[] {
  const tokens: CssToken[] = []
  let at = 0
  while (at < css.length) {
    const start = at
    const push = (kind: CssTokenKind, text: string, end: number): void => {
      tokens.push({ kind, text, start, end })
      at = end
    }
    const char = css[at] ?? ''
    if (css.startsWith('/*', at)) {
      const close = css.indexOf('*/', at + 2)
      at = close < 0 ? css.length : close + 2
    } else if (isSpace(char)) {
      let end = at + 1
      while (end < css.length && isSpace(css[end] ?? '')) end++
      push('space', ' ', end)
    } else if (char === '"' || char === "'") {
      const { text, end } = readString(css, at)
      push('string', text, end)
    } else if (startsNumber(css, at)) {
      const end = nameEnd(css, numberEnd(css, at))
      push(
        'number',
        css.slice(at, css[end] === '%' ? end + 1 : end).toLowerCase(),
        css[end] === '%' ? end + 1 : end,
      )
    } else if (char === '#' && isNameChar(css, at + 1)) {
      const end = nameEnd(css, at + 1)
      push('hash', unescaped(css.slice(at + 1, end)), end)
    } else if (char === '@' && isNameChar(css, at + 1)) {
      const end = nameEnd(css, at + 1)
      push('at', unescaped(css.slice(at + 1, end)).toLowerCase(), end)
    } else if (isNameChar(css, at)) {
      const end = nameEnd(css, at)
      // Names of classes are told apart by their case; the readers of keywords fold it.
      const name = unescaped(css.slice(at, end))
      if (css[end] !== '(') push('ident', name, end)
      else if (name.toLowerCase() === 'url') {
        const { kind, text, end: close } = readUrl(css, end + 1)
        push(kind, text, close)
      } else push('function', name.toLowerCase(), end + 1)
    } else if (char === '(' || char === '[' || char === '{') push('open', char, at + 1)
    else if (char === ')' || char === ']' || char === '}') push('close', char, at + 1)
    else push('mark', char, at + 1)
  }
  return tokens
}

/** The tokens as text again, spaces folded. */
export function cssText(tokens: readonly CssToken[]): string {
  return tokens
    .map(({ kind, text }) => {
      if (kind === 'function') return `${text}(`
      if (kind === 'url') return `url(${text})`
      if (kind === 'string') return `"${text}"`
      if (kind === 'hash') return `#${text}`
      return kind === 'at' ? `@${text}` : text
    })
    .join('')
    .trim()
}

function isSpace(char: string): boolean {
  return char === ' ' || char === '\n' || char === '\t' || char === '\r' || char === '\f'
}

/** Letters, digits, `-`, `_`, all beyond ASCII, and what a backslash makes one. */
function isNameChar(css: string, at: number): boolean {
  const code = css.charCodeAt(at)
  if (Number.isNaN(code)) return false
  if (code === 0x5c) return at + 1 < css.length && css[at + 1] !== '\n'
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x2d ||
    code === 0x5f ||
    code >= 0x80
  )
}

function nameEnd(css: string, from: number): number {
  let at = from
  while (isNameChar(css, at)) at += css[at] === '\\' ? 2 : 1
  return Math.min(at, css.length)
}

const isDigit = (char: string | undefined): boolean => char !== undefined && char >= '0' && char <= '9'

function startsNumber(css: string, at: number): boolean {
  const sign = css[at] === '+' || css[at] === '-' ? 1 : 0
  return isDigit(css[at + sign]) || (css[at + sign] === '.' && isDigit(css[at + sign + 1]))
}

function numberEnd(css: string, from: number): number {
  let at = from + (css[from] === '+' || css[from] === '-' ? 1 : 0)
  while (isDigit(css[at])) at++
  if (css[at] === '.' && isDigit(css[at + 1])) at++
  while (isDigit(css[at])) at++
  return at
}

function readString(css: string, from: number): { text: string; end: number } {
  const quote = css[from]
  let at = from + 1
  while (at < css.length && css[at] !== quote && css[at] !== '\n') at += css[at] === '\\' ? 2 : 1
  const end = Math.min(at, css.length)
  return { text: unescaped(css.slice(from + 1, end)), end: css[end] === quote ? end + 1 : end }
}

function readUrl(css: string, from: number): { kind: 'url'; text: string; end: number } {
  let at = from
  while (isSpace(css[at] ?? '')) at++
  if (css[at] === '"' || css[at] === "'") {
    const { text, end } = readString(css, at)
    const close = css.indexOf(')', end)
    return { kind: 'url', text, end: close < 0 ? css.length : close + 1 }
  }
  const close = css.indexOf(')', at)
  const end = close < 0 ? css.length : close
  return { kind: 'url', text: unescaped(css.slice(at, end).trim()), end: Math.min(end + 1, css.length) }
}

/** CSS Syntax 3, section 4.3.7. */
function unescaped(text: string): string {
  if (!text.includes('\\')) return text
  return text.replace(
    /\\(?:([0-9a-f]{1,6})\s?|(\n)|([^]))/gi,
    (_, hex?: string, line?: string, char?: string) => {
      if (line !== undefined) return ''
      if (hex === undefined) return char ?? ''
      const code = Number.parseInt(hex, 16)
      const isText = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)
      return isText ? String.fromCodePoint(code) : '\ufffd'
    },
  )
}
