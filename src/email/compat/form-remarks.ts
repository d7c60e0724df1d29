import type { StyledMail } from './match-styles.ts'
import type { Style } from './style.ts'
import { placeOfElement, walk, type MailElement, type MailTree } from './mail-tree.ts'
import { remark, type Remark } from './remark.ts'

/** WCAG 2.2 §2.5.8, CSS pixels. */
const TARGET = 24

/** What is wrong with a mail's markup for who hears it, or reaches for its links. */
export function formRemarks(
  { tree, cut }: StyledMail,
  styles: ReadonlyMap<MailElement, Style>,
): readonly Remark[] {
  const remarks: Remark[] = []
  const html = tree.elements.find(({ tag }) => tag === 'html')
  const lang = html?.attributes['lang'] ?? ''
  if (!/^[a-z]{2,3}(?:-[a-z0-9]+)*$/i.test(lang) || lang === 'und') {
    remarks.push(
      remark(
        'form.lang',
        'breaks',
        'The mail does not say its language, so that screen readers may read it in the wrong one.',
      ),
    )
  }
  const title = tree.elements.find(({ tag }) => tag === 'title')
  if (title === undefined || spoken(title).trim() === '') {
    remarks.push(
      remark(
        'form.title',
        'looks-different',
        'The mail has no title; who opens it in a browser sees its address instead.',
      ),
    )
  }
  if (cut) {
    remarks.push(
      remark('form.too-large', 'breaks', 'The mail is so large that only its beginning was looked at.'),
    )
  }
  const shown = tree.elements.filter((element) => styles.get(element)?.display !== 'none')
  const add = (
    code: string,
    severity: Remark['severity'],
    at: readonly MailElement[],
    message: (number: number) => string,
  ): void => {
    const [first] = at
    if (first === undefined) return
    remarks.push(
      remark(code, severity, message(at.length), { count: at.length, place: placeOfElement(first) }),
    )
  }
  const of = (tag: string): readonly MailElement[] => shown.filter((element) => element.tag === tag)
  add(
    'form.table',
    'looks-different',
    of('table').filter(isBareLayout),
    (number) =>
      `${times(number, 'table is', 'tables are')} read out with rows and columns, though only there for the layout.`,
  )
  add(
    'form.alt',
    'breaks',
    of('img').filter(({ attributes }) => attributes['alt'] === undefined),
    (number) =>
      `${times(number, 'image has', 'images have')} no alternative text; who hears the mail, or has images off, gets a file name.`,
  )
  const links = of('a').filter(({ attributes }) => attributes['href'] !== undefined)
  const words = new Map(links.map((link) => [link, spoken(link).trim()]))
  add(
    'form.link-empty',
    'breaks',
    links.filter((link) => words.get(link) === ''),
    (number) => `${times(number, 'link has', 'links have')} no words: nobody knows where they lead.`,
  )
  add(
    'form.link-text',
    'looks-different',
    links.filter((link) => vague.test(words.get(link) ?? '')),
    (number) =>
      `${times(number, 'link does', 'links do')} not say where they lead (“${words.get(links.find((link) => vague.test(words.get(link) ?? '')) ?? links[0] ?? tree.root) ?? ''}”).`,
  )
  add(
    'form.link-address',
    'looks-different',
    links.filter((link) => /^(?:https?:\/\/|www\.)\S{30,}$/i.test(words.get(link) ?? '')),
    (number) => `${times(number, 'link is', 'links are')} a bare address, which a screen reader spells out.`,
  )
  add(
    'form.link-target',
    'breaks',
    links.filter(({ attributes }) => /^(?:#|\s*)$|^javascript:/i.test(attributes['href'] ?? '')),
    (number) => `${times(number, 'link leads', 'links lead')} nowhere.`,
  )
  add(
    'form.anchor',
    'breaks',
    lostAnchors(tree, links),
    (number) => `${times(number, 'link leads', 'links lead')} to a place in the mail that is not there.`,
  )
  add(
    'form.tap',
    'looks-different',
    links.filter((link) => isSmallTarget(styles.get(link))),
    (number) =>
      `${times(number, 'button is', 'buttons are')} less than ${TARGET} pixels high and hard to tap.`,
  )
  add(
    'form.heading',
    'looks-different',
    skippedHeadings(shown),
    (number) => `${times(number, 'heading skips', 'headings skip')} a level, so that the outline has a hole.`,
  )
  return remarks
}

const vague = /^(?:click here|here|read more|more|link|this|this link|learn more|details|download)[.…!]?$/i

/** Neither told to be layout, nor a table of data with heads or a caption. */
function isBareLayout(table: MailElement): boolean {
  const { role } = table.attributes
  if (role === 'presentation' || role === 'none') return false
  let isData = false
  walk(table, (node) => {
    if (node.kind === 'text') return false
    isData ||= node.tag === 'th' || node.tag === 'caption'
    return node.tag !== 'table' && !isData
  })
  return !isData
}

/** What is said of an element: its text, and the alternative text of its images. */
function spoken(element: MailElement): string {
  const label = element.attributes['aria-label']
  if (label !== undefined) return label
  const parts: string[] = []
  walk(element, (node) => {
    if (node.kind === 'text') parts.push(node.text)
    else if (node.tag === 'img') parts.push(` ${node.attributes['alt'] ?? ''} `)
  })
  return parts.join('').replace(/\s+/g, ' ')
}

function lostAnchors(tree: MailTree, links: readonly MailElement[]): readonly MailElement[] {
  const names = new Set(tree.elements.flatMap(({ attributes }) => [attributes['id'], attributes['name']]))
  return links.filter(({ attributes }) => {
    const href = attributes['href'] ?? ''
    return href.startsWith('#') && href.length > 1 && !names.has(href.slice(1))
  })
}

/** Links within a sentence may be as small as its text; those that are boxes may not. */
function isSmallTarget(style: Style | undefined): boolean {
  return style !== undefined && /^(?:block|inline-block)$/.test(style.display) && style.upright < TARGET
}

function skippedHeadings(elements: readonly MailElement[]): readonly MailElement[] {
  const skipped: MailElement[] = []
  let last = 0
  for (const element of elements) {
    const level = Number(/^h([1-6])$/.exec(element.tag)?.[1] ?? 0)
    if (level === 0) continue
    if (level > last + 1) skipped.push(element)
    last = level
  }
  return skipped
}

function times(number: number, one: string, several: string): string {
  return number === 1 ? `1 ${one}` : `${number} ${several}`
}
