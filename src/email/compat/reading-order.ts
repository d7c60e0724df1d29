import { computeStyles } from './cascade.ts'
import { matchStyles } from './match-styles.ts'
import type { Style } from './style.ts'
import { placeOfElement, readMail, type MailElement, type MailNode, type MailPlace } from './mail-tree.ts'

/** What is read out within a line. */
export type ReadPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly href: string }
  | { readonly kind: 'image'; readonly text: string }

/** One step of reading a mail aloud. */
export interface ReadLine {
  readonly kind: 'heading' | 'text' | 'item' | 'cell' | 'landmark' | 'list' | 'table'
  /** Of a heading: 1 to 6. */
  readonly level: number | null
  /** What a screen reader says beside the words: “list, 3 items”, “main”; or null. */
  readonly says: string | null
  readonly parts: readonly ReadPart[]
  readonly place: MailPlace
}

/** A mail in the order in which a screen reader reads it; layout tables and what is hidden are left out. */
export function plainReadingOrder(html: string): readonly ReadLine[] {
  const tree = readMail(html)
  const styles = computeStyles(matchStyles(tree), { scheme: 'light', width: 1024 })
  const lines: ReadLine[] = []
  let open: { element: MailElement; parts: ReadPart[] } | null = null
  const flush = (): void => {
    if (open === null) return
    const parts = joined(open.parts)
    if (parts.length > 0) lines.push({ ...lineOf(open.element), parts, place: placeOfElement(open.element) })
    open = null
  }
  const say = (part: ReadPart, at: MailElement): void => {
    const block = blockOf(at, styles)
    if (open !== null && open.element !== block) flush()
    open ??= { element: block, parts: [] }
    open.parts.push(part)
  }
  const announce = (element: MailElement, kind: ReadLine['kind'], says: string): void => {
    flush()
    lines.push({ kind, level: null, says, parts: [], place: placeOfElement(element) })
  }
  // A stack of its own: a hostile mail is nested deeper than calls may be.
  const left: MailNode[] = [tree.root]
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    if (node.kind === 'text') {
      if (node.text !== '') say({ kind: 'text', text: node.text }, node.parent)
      continue
    }
    if (isHidden(node, styles)) continue
    const announced = announcementOf(node)
    if (announced !== null) announce(node, announced.kind, announced.says)
    const { tag, attributes } = node
    if (tag === 'img') {
      const text = attributes['alt'] ?? fileOf(attributes['src'] ?? '')
      if (text !== '') say({ kind: 'image', text }, node)
    } else if (tag === 'a' && attributes['href'] !== undefined) {
      say({ kind: 'link', text: linkText(node, styles), href: attributes['href'] }, node)
    } else if (tag === 'br') {
      say({ kind: 'text', text: ' ' }, node)
    } else {
      if (blockTags.has(tag)) flush()
      for (const child of node.children.toReversed()) left.push(child)
    }
  }
  flush()
  return lines
}

const blockTags: ReadonlySet<string> = new Set(
  'address article aside blockquote body caption center div dd dl dt figure figcaption footer h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table td th tr ul'.split(
    ' ',
  ),
)

function isHidden(element: MailElement, styles: ReadonlyMap<MailElement, Style>): boolean {
  if (element.attributes['aria-hidden'] === 'true') return true
  const style = styles.get(element)
  return style !== undefined && (style.display === 'none' || style.unseen)
}

/** The nearest block around: what a pause in reading stands for. */
function blockOf(element: MailElement, styles: ReadonlyMap<MailElement, Style>): MailElement {
  let at = element
  while (at.parent !== null && !blockTags.has(at.tag) && styles.get(at)?.display !== 'block') at = at.parent
  return at
}

/** A paragraph in an item or cell is read as part of it. */
function lineOf(element: MailElement): Pick<ReadLine, 'kind' | 'level' | 'says'> {
  const level = Number(/^h([1-6])$/.exec(element.tag)?.[1] ?? 0)
  if (level > 0) return { kind: 'heading', level, says: `heading level ${level}` }
  const near = element.tag === 'p' ? (element.parent ?? element) : element
  if (near.tag === 'li') return { kind: 'item', level: null, says: null }
  if (near.tag === 'th') return { kind: 'cell', level: null, says: 'column head' }
  if (near.tag === 'td' && isData(tableOf(near))) return { kind: 'cell', level: null, says: null }
  return { kind: 'text', level: null, says: near.tag === 'blockquote' ? 'quotation' : null }
}

const roles: Readonly<Record<string, string>> = {
  main: 'main',
  navigation: 'navigation',
  banner: 'banner',
  contentinfo: 'content information',
  region: 'region',
  article: 'article',
  complementary: 'complementary',
}

function announcementOf({
  tag,
  attributes,
  children,
}: MailElement): { kind: 'landmark' | 'list' | 'table'; says: string } | null {
  const role = roles[attributes['role'] ?? '']
  if (role !== undefined) {
    const label = attributes['aria-label']
    return { kind: 'landmark', says: label === undefined ? role : `${label}, ${role}` }
  }
  if (tag === 'ul' || tag === 'ol') {
    const items = children.filter((child) => child.kind === 'element' && child.tag === 'li').length
    return { kind: 'list', says: items === 1 ? 'list, 1 item' : `list, ${items} items` }
  }
  return tag === 'table' && attributes['role'] !== 'presentation' && attributes['role'] !== 'none'
    ? { kind: 'table', says: 'table' }
    : null
}

function tableOf(cell: MailElement): MailElement | null {
  let at: MailElement | null = cell
  while (at !== null && at.tag !== 'table') at = at.parent
  return at
}

function isData(table: MailElement | null): boolean {
  const role = table?.attributes['role']
  return table !== null && role !== 'presentation' && role !== 'none'
}

function linkText(link: MailElement, styles: ReadonlyMap<MailElement, Style>): string {
  const label = link.attributes['aria-label']
  if (label !== undefined) return label
  const parts: string[] = []
  const left: MailNode[] = link.children.toReversed()
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    if (node.kind === 'text') parts.push(node.text)
    else if (node.tag === 'img') parts.push(node.attributes['alt'] ?? '')
    else if (!isHidden(node, styles)) left.push(...node.children.toReversed())
  }
  return parts.join('').replace(/\s+/g, ' ').trim()
}

/** Spaces, and what mail programs are fed so that they show nothing after the preheader. */
const silent = /(?:\s|\u034f|\u200b|\u200c|\u200d|\ufeff)+/g

function fileOf(src: string): string {
  return src.slice(src.lastIndexOf('/') + 1)
}

/** Texts that stand together as one, with spaces folded; nothing where nothing is said. */
function joined(parts: readonly ReadPart[]): readonly ReadPart[] {
  const all: ReadPart[] = []
  for (const part of parts) {
    const last = all.at(-1)
    if (part.kind === 'text' && last?.kind === 'text')
      all[all.length - 1] = { kind: 'text', text: last.text + part.text }
    else all.push(part)
  }
  const folded = all.map((part) => ({
    ...part,
    text: part.text.replace(silent, ' '),
  }))
  const [first] = folded
  if (first?.kind === 'text') folded[0] = { ...first, text: first.text.trimStart() }
  const last = folded.at(-1)
  if (last?.kind === 'text') folded[folded.length - 1] = { ...last, text: last.text.trimEnd() }
  const kept = folded.filter(({ kind, text }) => kind === 'link' || text !== '')
  return kept.some(({ kind, text }) => kind !== 'text' || /\S/.test(text)) ? kept : []
}
