import type { Publication } from '../core/publication.ts'

/** Colours and type of a look, ready for CSS. Every text colour has a contrast of 4.5 or more on its paper (WCAG 1.4.3). */
export interface Theme {
  /** For text and rules on light paper, and as the ground of a button. */
  readonly accent: string
  readonly accentDark: string
  /** The text on a ground of `accent`. */
  readonly onAccent: string
  readonly onAccentDark: string
  readonly text: string
  readonly display: string
  readonly label: string
}

export const paper = { light: '#fffefb', dark: '#191816' } as const

export function themeOf(settings: Publication['theme']): Theme {
  const accent = readable(settings.accent, paper.light, -0.01)
  const accentDark = readable(settings.accentDark ?? settings.accent, paper.dark, 0.01)
  const serif = "Georgia, Charter, C059, 'Times New Roman', serif"
  const sans = "-apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
  return {
    accent,
    accentDark,
    onAccent: bestOn(accent),
    onAccentDark: bestOn(accentDark),
    text: settings.font === 'serif' ? serif : sans,
    display: settings.font === 'serif' ? serif : sans,
    label: sans,
  }
}

/** `colour` made darker or lighter, in its own hue, until it stands out from `ground`: 5.2, a little above what AA asks. */
function readable(colour: string, ground: string, step: number): string {
  const { hue, saturation, lightness } = toHsl(colour)
  for (let light = lightness; light > 0 && light < 1; light += step) {
    const candidate = fromHsl(hue, saturation, light)
    if (contrast(candidate, ground) >= 5.2) return candidate
  }
  return step < 0 ? '#000000' : '#ffffff'
}

function bestOn(ground: string): string {
  return contrast('#ffffff', ground) >= contrast('#191816', ground) ? '#ffffff' : '#191816'
}

function toHsl(colour: string): { hue: number; saturation: number; lightness: number } {
  const [red = 0, green = 0, blue = 0] = channels(colour).map((value) => value / 255)
  const high = Math.max(red, green, blue)
  const low = Math.min(red, green, blue)
  const range = high - low
  const lightness = (high + low) / 2
  const saturation = range === 0 ? 0 : range / (1 - Math.abs(2 * lightness - 1))
  const sixth =
    range === 0
      ? 0
      : high === red
        ? (green - blue) / range
        : high === green
          ? (blue - red) / range + 2
          : (red - green) / range + 4
  return { hue: ((sixth + 6) % 6) * 60, saturation, lightness }
}

/** CSS Color 4, section 7.1. */
function fromHsl(hue: number, saturation: number, lightness: number): string {
  const channel = (n: number): string => {
    const k = (n + hue / 30) % 12
    const share =
      lightness - saturation * Math.min(lightness, 1 - lightness) * Math.max(-1, Math.min(k - 3, 9 - k, 1))
    return Math.round(share * 255)
      .toString(16)
      .padStart(2, '0')
  }
  return `#${channel(0)}${channel(8)}${channel(4)}`
}

/** The contrast ratio of two colours, 1 to 21 (WCAG 2.2, “contrast ratio”). */
export function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].toSorted((x, y) => y - x)
  return (high + 0.05) / (low + 0.05)
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = channels(colour).map((value) => {
    const share = value / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function channels(colour: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16))
}
