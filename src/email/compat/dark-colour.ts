import type { Colour } from './colour.ts'

/**
 * A model of how Gmail on Android and iOS and Outlook turn a light mail dark. None of them says how it is
 * done; seen from outside, light grounds and dark text are inverted in lightness with their hue kept, and
 * what suits the dark already is left. Lightness is that of OKLab (CSS Color 4, section 9), 0 to 1.
 */
const DARKEST = 0.18
/** Grounds lighter than this are turned dark, and text darker than it light. */
const THRESHOLD = 0.62

/** The ground that stands in for `colour`. */
export function darkGround(colour: Colour): Colour {
  return inverted(colour, (lightness) => lightness > THRESHOLD)
}

/** The colour of text that stands in for `colour`. */
export function lightText(colour: Colour): Colour {
  return inverted(colour, (lightness) => lightness < THRESHOLD)
}

/** The colour of a line between or around things: what stood out still does, what was faint stays so. */
export function darkEdge(colour: Colour): Colour {
  return inverted(colour, () => true)
}

function inverted(colour: Colour, isWrong: (lightness: number) => boolean): Colour {
  const [lightness, a, b] = toOklab(colour)
  if (!isWrong(lightness)) return colour
  const turned = 1 - lightness * (1 - DARKEST)
  // The hue is kept, and as much of its strength as the screen can show.
  let share = 1
  let shown = fromOklab(turned, a, b)
  for (let step = 0; step < 12 && !isShowable(shown); step++) {
    share *= 0.8
    shown = fromOklab(turned, a * share, b * share)
  }
  const [red, green, blue] = shown.map((each) => Math.min(255, Math.max(0, Math.round(each * 255))))
  return { red: red ?? 0, green: green ?? 0, blue: blue ?? 0, alpha: colour.alpha }
}

type Three = readonly [number, number, number]

function isShowable(channels: Three): boolean {
  return channels.every((each) => each >= -0.001 && each <= 1.001)
}

function toOklab({ red, green, blue }: Colour): Three {
  const linear = (value: number): number => {
    const share = value / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }
  const [r, g, b] = [linear(red), linear(green), linear(blue)]
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ]
}

function fromOklab(lightness: number, a: number, b: number): Three {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  const encoded = (value: number): number =>
    value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055
  return [
    encoded(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    encoded(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    encoded(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ]
}
