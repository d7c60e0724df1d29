import { Parser } from 'htmlparser2'

export interface MailText {
  readonly kind: 'text'
  readonly text: string
  readonly parent: MailElement
}

/** An element of a mail's HTML; offsets are those of its opening tag in the text. */
export interface MailElement {
  readonly kind: 'element'
  readonly tag: string
  readonly attributes: Readonly<Record<string, string>>
  /** Null for the root, which is no element of the mail: it holds them all. */
  readonly parent: MailElement | null
  readonly children: readonly MailNode[]
  /** From 1, among its parent's elements. */
  readonly index: number
  readonly before: MailElement | null
  readonly start: number
  readonly end: number
  readonly depth: number
}

export type MailNode = MailElement | MailText

export interface MailTree {
  readonly root: MailElement
  /** In the order of the text. */
  readonly elements: readonly MailElement[]
  /** What stands in style elements, with their `media`. */
  readonly styles: readonly { readonly css: string; readonly media: string; readonly element: MailElement }[]
  /** Whether the mail was too large or too deep, so that its rest was left out. */
  readonly cut: boolean
}

/** No mail that is worth sending comes near; they keep time and memory in bounds. */
const MOST_ELEMENTS = 20_000
const DEEPEST = 400

interface Growing {
  /** A table body that browsers put around rows that have none (HTML, section 13.2.6.4.9). */
  readonly implied?: boolean
  readonly element: MailElement & { children: MailNode[] }
  lastElement: MailElement | null
}

/** Reads a mail's HTML as it is, malformed or not; comments, and with them what only old Outlook reads, are left out. */
export function readMail(html: string): MailTree {
  const root = newElement('#root', {}, null, { index: 1, before: null, start: 0, end: 0 })
  const elements: MailElement[] = []
  const open: Growing[] = [{ element: root, lastElement: null }]
  let cut = false
  let skipped = 0
  const top = (): Growing => open.at(-1) ?? { element: root, lastElement: null }
  const grow = (tag: string, attributes: Readonly<Record<string, string>>, implied = false): void => {
    const parent = top()
    const element = newElement(tag, attributes, parent.element, {
      index: (parent.lastElement?.index ?? 0) + 1,
      before: parent.lastElement,
      start: parser.startIndex,
      end: parser.endIndex + 1,
    })
    parent.element.children.push(element)
    parent.lastElement = element
    elements.push(element)
    open.push({ element, lastElement: null, implied })
  }
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        if (skipped > 0 || elements.length >= MOST_ELEMENTS || open.length > DEEPEST) {
          cut = true
          skipped++
          return
        }
        if (top().implied === true && sections.has(name)) open.pop()
        if (name === 'tr' && top().element.tag === 'table') grow('tbody', {}, true)
        grow(name, attributes)
      },
      ontext(text) {
        if (skipped > 0) return
        const { element } = top()
        element.children.push({ kind: 'text', text, parent: element })
      },
      onclosetag(name) {
        if (skipped > 0) {
          skipped--
          return
        }
        if (top().implied === true && name === 'table') open.pop()
        if (open.length > 1) open.pop()
      },
    },
    { decodeEntities: true },
  )
  parser.write(html)
  parser.end()
  const styles = elements
    .filter(({ tag }) => tag === 'style')
    .map((element) => ({ css: textOf(element), media: element.attributes['media'] ?? '', element }))
  return { root, elements, styles, cut }
}

const sections: ReadonlySet<string> = new Set(['tbody', 'thead', 'tfoot', 'caption', 'colgroup'])

function newElement(
  tag: string,
  attributes: Readonly<Record<string, string>>,
  parent: MailElement | null,
  place: Pick<MailElement, 'index' | 'before' | 'start' | 'end'>,
): MailElement & { children: MailNode[] } {
  return {
    kind: 'element',
    tag,
    attributes,
    parent,
    children: [],
    depth: (parent?.depth ?? -1) + 1,
    ...place,
  }
}

/** All text within, as it stands. */
export function textOf(element: MailElement): string {
  const parts: string[] = []
  walk(element, (node) => {
    if (node.kind === 'text') parts.push(node.text)
  })
  return parts.join('')
}

/** Calls `visit` with each node within, in order; false keeps out of a node. */
export function walk(element: MailElement, visit: (node: MailNode) => boolean | void): void {
  const left: MailNode[] = [...element.children].toReversed()
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    if (visit(node) === false || node.kind === 'text') continue
    for (let at = node.children.length - 1; at >= 0; at--) {
      const child = node.children[at]
      if (child !== undefined) left.push(child)
    }
  }
}

/** Where something is: as a CSS path, and the nearest mark that the preview puts on blocks (`file:line`), if any. */
export interface MailPlace {
  readonly path: string
  readonly mark: string | null
}

/** The place of an element, short enough to be shown. */
export function placeOfElement(element: MailElement): MailPlace {
  const steps: string[] = []
  let mark: string | null = null
  for (let at: MailElement | null = element; at !== null && at.parent !== null; at = at.parent) {
    mark ??= at.attributes['data-l'] ?? null
    if (at.tag === 'html') steps.push('html')
    else steps.push(at.tag === 'body' || at.tag === 'head' ? at.tag : `${at.tag}:nth-child(${at.index})`)
  }
  return { path: steps.toReversed().join(' > '), mark }
}
