import { contrast } from '../../render/theme.ts'
import type { CssToken } from './css-tokens.ts'
import { namedColours } from './named-colours.ts'

/** sRGB; channels 0 to 255, alpha 0 to 1. */
export interface Colour {
  readonly red: number
  readonly green: number
  readonly blue: number
  readonly alpha: number
}

export const white: Colour = { red: 255, green: 255, blue: 255, alpha: 1 }
export const black: Colour = { red: 0, green: 0, blue: 0, alpha: 1 }
export const transparent: Colour = { red: 0, green: 0, blue: 0, alpha: 0 }

/**
 * The colour that starts at `from`, and where it ends: hexadecimal, a name, `rgb()`, `hsl()` and their
 * older forms. Null where there is none, or one that this does not know (`oklch()`, `var()`).
 */
export function colourAt(
  tokens: readonly CssToken[],
  from: number,
): { readonly colour: Colour; readonly next: number } | null {
  const token = tokens[from]
  if (token === undefined) return null
  if (token.kind === 'hash' || token.kind === 'ident') {
    const colour = parseColour(token.kind === 'hash' ? `#${token.text}` : token.text)
    return colour === null ? null : { colour, next: from + 1 }
  }
  if (token.kind !== 'function' || !/^(?:rgb|hsl)a?$/.test(token.text)) return null
  let close = from + 1
  while (close < tokens.length && tokens[close]?.kind === 'number') close++
  while (close < tokens.length && tokens[close]?.kind !== 'close' && tokens[close]?.kind !== 'function')
    close++
  if (tokens[close]?.kind !== 'close') return null
  const numbers = tokens.slice(from, close).filter(({ kind }) => kind === 'number')
  const colour = token.text.startsWith('rgb') ? fromRgb(numbers) : fromHsl(numbers)
  return colour === null ? null : { colour, next: close + 1 }
}

/** Whether a token is the keyword for the colour of the text. */
export function isCurrentColour(token: CssToken | undefined): boolean {
  return token?.kind === 'ident' && token.text.toLowerCase() === 'currentcolor'
}

/** A name or a hexadecimal colour, with or without `#`, as attributes have them; null for anything else. */
export function parseColour(text: string): Colour | null {
  const name = text.trim().toLowerCase()
  if (name === 'transparent') return transparent
  const hex = namedColours.get(name) ?? /^#?([0-9a-f]{3,8})$/.exec(name)?.[1] ?? ''
  const wide = hex.length <= 4 ? [...hex].map((digit) => digit + digit).join('') : hex
  if (wide.length !== 6 && wide.length !== 8) return null
  const channel = (at: number): number => Number.parseInt(wide.slice(at, at + 2), 16)
  return {
    red: channel(0),
    green: channel(2),
    blue: channel(4),
    alpha: wide.length === 8 ? channel(6) / 255 : 1,
  }
}

/** `#rrggbb`, or `rgba(…)` where it is not opaque. */
export function colourText({ red, green, blue, alpha }: Colour): string {
  const hex = [red, green, blue].map((each) => clamped(each, 255).toString(16).padStart(2, '0')).join('')
  if (alpha >= 1) return `#${hex}`
  return `rgba(${[red, green, blue].map((each) => clamped(each, 255)).join(',')},${Math.round(alpha * 1000) / 1000})`
}

/** What is seen where `over` lies on `under`. */
export function blend(over: Colour, under: Colour): Colour {
  if (over.alpha >= 1) return over
  const mix = (a: number, b: number): number => a * over.alpha + b * (1 - over.alpha)
  return {
    red: mix(over.red, under.red),
    green: mix(over.green, under.green),
    blue: mix(over.blue, under.blue),
    alpha: over.alpha + under.alpha * (1 - over.alpha),
  }
}

/** The contrast ratio, 1 to 21, of two opaque colours (WCAG 2.2). */
export function contrastOf(a: Colour, b: Colour): number {
  return contrast(colourText({ ...a, alpha: 1 }), colourText({ ...b, alpha: 1 }))
}

function fromRgb(numbers: readonly CssToken[]): Colour | null {
  if (numbers.length !== 3 && numbers.length !== 4) return null
  const [red = 0, green = 0, blue = 0] = numbers.map(({ text }) =>
    Math.min(255, Math.max(0, text.endsWith('%') ? Number.parseFloat(text) * 2.55 : Number.parseFloat(text))),
  )
  return { red, green, blue, alpha: alphaOf(numbers[3]) }
}

/** CSS Color 4, section 7.1. */
function fromHsl(numbers: readonly CssToken[]): Colour | null {
  if (numbers.length !== 3 && numbers.length !== 4) return null
  const [hue = 0, saturation = 0, lightness = 0] = numbers.map(({ text }) => Number.parseFloat(text))
  const light = Math.min(1, Math.max(0, lightness / 100))
  const share = Math.min(1, Math.max(0, saturation / 100)) * Math.min(light, 1 - light)
  const channel = (n: number): number => {
    const k = (((n + hue / 30) % 12) + 12) % 12
    return 255 * (light - share * Math.max(-1, Math.min(k - 3, 9 - k, 1)))
  }
  return { red: channel(0), green: channel(8), blue: channel(4), alpha: alphaOf(numbers[3]) }
}

function alphaOf(token: CssToken | undefined): number {
  if (token === undefined) return 1
  const number = Number.parseFloat(token.text) / (token.text.endsWith('%') ? 100 : 1)
  return Math.min(1, Math.max(0, number))
}

function clamped(value: number, most: number): number {
  return Math.min(most, Math.max(0, Math.round(value)))
}
