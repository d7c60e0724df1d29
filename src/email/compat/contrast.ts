import type { Style } from './style.ts'
import { blend, colourText, contrastOf, type Colour } from './colour.ts'
import { darkGround, lightText } from './dark-colour.ts'
import { placeOfElement, type MailElement, type MailTree } from './mail-tree.ts'
import { remark, type Remark } from './remark.ts'

/** How a mail is shown: by its own styles for a light or a dark screen, or turned dark by the mail program. */
export type Shown = 'light' | 'dark' | 'forced-dark'

/** Text of one colour on one ground. */
export interface Contrast {
  readonly colour: Colour
  readonly ground: Colour
  /** 1 to 21. */
  readonly ratio: number
  /** What WCAG 2.2 §1.4.3 asks for: 4.5, or 3 for large text. */
  readonly wanted: number
  readonly count: number
  readonly element: MailElement
}

/** The contrast of every text that is seen, once for each pair of colours; what lies on a picture is left out. */
export function contrasts(
  tree: MailTree,
  styles: ReadonlyMap<MailElement, Style>,
  shown: Shown,
): readonly Contrast[] {
  const found = new Map<string, Contrast>()
  for (const element of tree.elements) {
    const style = styles.get(element)
    if (style === undefined || style.display === 'none' || style.unseen || style.pictured) continue
    if (style.fontSize < 2 || !element.children.some(isWords)) continue
    // In bold from 14 pt, else from 18 pt.
    const wanted = style.fontSize >= 24 || (style.bold && style.fontSize >= 56 / 3) ? 3 : 4.5
    const key = `${colourText(style.colour)} ${colourText(style.ground)} ${wanted}`
    const known = found.get(key)
    if (known !== undefined) {
      found.set(key, { ...known, count: known.count + 1 })
      continue
    }
    const ground = shown === 'forced-dark' ? darkGround(style.ground) : style.ground
    const own = shown === 'forced-dark' ? lightText(style.colour) : style.colour
    const colour = blend(own, ground)
    found.set(key, { colour, ground, ratio: contrastOf(colour, ground), wanted, count: 1, element })
  }
  return [...found.values()]
}

function isWords(node: MailElement['children'][number]): boolean {
  return node.kind === 'text' && /[\p{L}\p{N}]/u.test(node.text)
}

const where: Readonly<Record<Shown, string>> = {
  light: 'on a light screen',
  dark: 'on a dark screen',
  'forced-dark': 'where the mail program turns the mail dark by itself',
}

/** Of those that are too faint, the faintest and how many. */
export function contrastRemarks(all: readonly Contrast[], shown: Shown): readonly Remark[] {
  const faint = all
    .filter(({ ratio, wanted }) => ratio < wanted - 0.005)
    .toSorted((a, b) => a.ratio - b.ratio)
  return faint.map(({ colour, ground, ratio, wanted, count, element }) =>
    remark(
      `contrast.${shown}`,
      ratio < 3 ? 'breaks' : 'looks-different',
      `Text ${where[shown]} is hard to read: ${colourText(colour)} on ${colourText(ground)} has a contrast of ${(
        Math.floor(ratio * 10) / 10
      ).toFixed(1)}, and ${wanted} is needed.`,
      {
        hint: 'make the text darker or its ground lighter, or the other way round',
        count,
        place: placeOfElement(element),
      },
    ),
  )
}
