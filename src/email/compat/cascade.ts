import { black, transparent, white } from './colour.ts'
import type { Declaration } from './css.ts'
import { cssText } from './css-tokens.ts'
import type { MailElement } from './mail-tree.ts'
import { holds, type Matched, type StyledMail, type StyledRule } from './match-styles.ts'
import type { Surroundings } from './media.ts'
import { applied, known, type Canvas, type Style } from './style.ts'

const lightCanvas: Canvas = { paper: white, text: black, link: { red: 0, green: 0, blue: 238, alpha: 1 } }
const darkCanvas: Canvas = {
  paper: { red: 18, green: 18, blue: 18, alpha: 1 },
  text: white,
  link: { red: 158, green: 158, blue: 255, alpha: 1 },
}

/** Dark where the reader asks for it and the mail says that it can. */
function canvasOf({ tree, rules }: StyledMail, { scheme }: Surroundings): Canvas {
  if (scheme === 'light') return lightCanvas
  const isDark = (text: string): boolean => /(?:^|\s)dark(?:\s|$)/.test(text)
  const byMeta = tree.elements.some(
    ({ tag, attributes }) =>
      tag === 'meta' && attributes['name'] === 'color-scheme' && isDark(attributes['content'] ?? ''),
  )
  const byRule = rules.some(
    ({ rule, selectors }) =>
      rule.within === null &&
      selectors.some(({ compounds }) => compounds.length === 1 && compounds[0]?.tests[0]?.kind === 'root') &&
      rule.declarations.some(({ property, value }) => property === 'color-scheme' && isDark(cssText(value))),
  )
  return byMeta || byRule ? darkCanvas : lightCanvas
}

/** The style of every element in these surroundings. */
export function computeStyles(mail: StyledMail, around: Surroundings): ReadonlyMap<MailElement, Style> {
  const { tree, rules, matched } = mail
  const canvas = canvasOf(mail, around)
  const holding = new Set(rules.filter((each) => holds(each, around)))
  const styles = new Map<MailElement, Style>()
  const root: Style = {
    colour: canvas.text,
    background: transparent,
    ground: canvas.paper,
    pictured: false,
    fontSize: 16,
    bold: false,
    display: 'block',
    unseen: false,
    padded: false,
    lineHeight: 0,
    upright: 0,
    keepsLines: false,
  }
  for (const element of tree.elements) {
    const parent = (element.parent === null ? undefined : styles.get(element.parent)) ?? root
    styles.set(element, styleOf(element, matched.get(element), parent, holding, canvas))
  }
  return styles
}

function styleOf(
  element: MailElement,
  matched: Matched | undefined,
  parent: Style,
  holding: ReadonlySet<StyledRule>,
  canvas: Canvas,
): Style {
  const of = new Map<string, Declaration>()
  const put = (declarations: readonly Declaration[], important: boolean): void => {
    for (const each of declarations) {
      if (each.important === important && known.has(each.property)) {
        of.delete(each.property)
        of.set(each.property, each)
      }
    }
  }
  if (matched !== undefined) {
    for (const important of [false, true]) {
      for (const { at } of matched.rules) if (holding.has(at)) put(at.rule.declarations, important)
      put(matched.inline, important)
    }
  }
  return applied(element, of, parent, canvas)
}
