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
  const accent = readable(settings.accent, paper.light, '#000000')
  const accentDark = readable(settings.accentDark ?? settings.accent, paper.dark, '#ffffff')
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

/** `colour` mixed towards `towards` until it stands out from `ground`: 5.5, a little above what AA asks. */
function readable(colour: string, ground: string, towards: string): string {
  for (let share = 0; share < 1; share += 0.05) {
    const mixed = mix(colour, towards, share)
    if (contrast(mixed, ground) >= 5.5) return mixed
  }
  return towards
}

function bestOn(ground: string): string {
  return contrast('#ffffff', ground) >= contrast('#191816', ground) ? '#ffffff' : '#191816'
}

function mix(colour: string, towards: string, share: number): string {
  const other = channels(towards)
  const mixed = channels(colour).map((value, index) =>
    Math.round(value + ((other[index] ?? 0) - value) * share),
  )
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`
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
