import { Parser } from 'htmlparser2'
import { isElement, isText, type DomElement, type DomNode } from './dom.ts'

const BLOCKS: ReadonlySet<string> = new Set(
  `address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure
  footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu nav ol option p pre section summary table tbody
  tfoot thead tr ul`.split(/\s+/u),
)
const SILENT: ReadonlySet<string> = new Set(
  'script style noscript template head title svg math iframe object select textarea audio video canvas button'.split(
    ' ',
  ),
)
const RAISED = '⁰¹²³⁴⁵⁶⁷⁸⁹'

/** No page that people read is deeper or has more elements. */
const DEEPEST = 400
const MOST_ELEMENTS = 100_000

/** The words under `root` as they are read: a blank line between blocks, a line feed for `<br>`. */
export function htmlText(root: DomNode): string {
  const parts: string[] = []
  write(root, parts)
  return tidy(parts.join(''))
}

function write(node: DomNode, parts: string[]): void {
  if (isText(node)) {
    parts.push((node.textContent ?? '').replace(/\s+/gu, ' '))
    return
  }
  if (!isElement(node)) {
    if (node.nodeType === 11 || node.nodeType === 9) for (const child of node.childNodes) write(child, parts)
    return
  }
  const name = node.localName.toLowerCase()
  if (SILENT.has(name) || isHidden(node)) return
  if (name === 'br') parts.push('\n')
  else if (name === 'sup') parts.push(raised(node))
  else if (name === 'td' || name === 'th') {
    parts.push(' ')
    for (const child of node.childNodes) write(child, parts)
    parts.push(' ')
  } else {
    const block = BLOCKS.has(name)
    if (block) parts.push('\n\n')
    for (const child of node.childNodes) write(child, parts)
    if (block) parts.push('\n\n')
  }
}

function isHidden(element: DomElement): boolean {
  return (
    element.getAttribute('hidden') !== null ||
    element.getAttribute('aria-hidden') === 'true' ||
    /display\s*:\s*none/iu.test(element.getAttribute('style') ?? '')
  )
}

/** “10<sup>2</sup>” must not read as 102, and the mark of a footnote is no word of the page. */
function raised(element: DomElement): string {
  const text = (element.textContent ?? '').trim()
  if (element.querySelector('a') !== null || /^\[.{1,4}\]$/u.test(text)) return ''
  if (/^\d+$/u.test(text)) return [...text].map((digit) => RAISED.charAt(Number(digit))).join('')
  return text
}

function tidy(text: string): string {
  return text
    .replace(/[^\S\n]+/gu, ' ')
    .replace(/ ?\n ?/gu, '\n')
    .replace(/\n{2,}/gu, '\n\n')
    .trim()
}

/** The elements of a page; null where no tree of it can be built and walked in bounded time. One pass, no tree. */
export function countElements(html: string): number | null {
  let depth = 0
  let deepest = 0
  let elements = 0
  const parser = new Parser({
    onopentagname: () => {
      elements++
      depth++
      if (depth > deepest) deepest = depth
    },
    onclosetag: () => {
      depth--
    },
  })
  for (let at = 0; at < html.length; at += 65_536) {
    parser.write(html.slice(at, at + 65_536))
    if (deepest > DEEPEST || elements > MOST_ELEMENTS) return null
  }
  parser.end()
  return elements
}
