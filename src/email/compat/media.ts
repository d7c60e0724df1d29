import { cssText, cssTokens, type CssToken } from './css-tokens.ts'

/** Where a mail is read. */
export interface Surroundings {
  readonly scheme: 'light' | 'dark'
  /** Of the window, in CSS pixels. */
  readonly width: number
}

/**
 * Whether a list of media queries is true on a screen of these surroundings (Media Queries 4). Of features
 * it knows widths and `prefers-color-scheme`; one with any other is false.
 */
export function mediaHolds(prelude: readonly CssToken[], around: Surroundings): boolean {
  const queries: CssToken[][] = [[]]
  for (const token of prelude) {
    if (token.kind === 'mark' && token.text === ',') queries.push([])
    else queries.at(-1)?.push(token)
  }
  return queries.some((query) => queryHolds(query, around))
}

/** As `mediaHolds`, for the `media` attribute of a style element. */
export function mediaTextHolds(media: string, around: Surroundings): boolean {
  return media.trim() === '' || mediaHolds(cssTokens(media), around)
}

function queryHolds(tokens: readonly CssToken[], around: Surroundings): boolean {
  let holds = true
  let negated = false
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]
    if (token?.kind === 'ident') {
      const word = token.text.toLowerCase()
      if (word === 'not') negated = true
      else if (word !== 'only' && word !== 'and' && word !== 'all' && word !== 'screen') holds = false
    } else if (token?.kind === 'open') {
      let close = at + 1
      while (close < tokens.length && tokens[close]?.kind !== 'close') close++
      if (!featureHolds(cssText(tokens.slice(at + 1, close)), around)) holds = false
      at = close
    } else if (token?.kind !== 'space') holds = false
  }
  return holds !== negated
}

function featureHolds(text: string, { scheme, width }: Surroundings): boolean {
  const [name = '', value = ''] = text
    .toLowerCase()
    .split(':', 2)
    .map((part) => part.trim())
  if (name === 'prefers-color-scheme') return value === scheme
  const length = /^(\d+(?:\.\d+)?)(px|em|rem)$/.exec(value)
  if (length === null) return false
  const pixels = Number(length[1]) * (length[2] === 'px' ? 1 : 16)
  if (name === 'min-width') return width >= pixels
  if (name === 'max-width') return width <= pixels
  return false
}
