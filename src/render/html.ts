import type { Definition, List, Nodes, Parents, PhrasingContent, RootContent, Table } from 'mdast'
import type {
  Button,
  Citation,
  Correction,
  Figures,
  Members,
  Note,
  Positions,
  Pullquote,
  Scenarios,
  Teaser,
  Timeline,
} from '../brief/tree.ts'
import { citationText, shownMarks } from './citation.ts'
import { directionOf } from './direction.ts'
import { escapeHtml, safeHref } from './escape.ts'

/** An image as a page shows it. */
export interface ShownImage {
  readonly src: string
  readonly width: number
  readonly height: number
}

export type Directive =
  | Members
  | Teaser
  | Scenarios
  | Timeline
  | Figures
  | Positions
  | Pullquote
  | Note
  | Correction
  | Button

/** What the HTML of one brief depends on besides its tree. */
export interface HtmlContext {
  readonly medium: 'email' | 'web'
  readonly lang: string
  readonly definitions: ReadonlyMap<string, Definition>
  image(src: string): ShownImage | null
  /** Writes a directive by the look's partial. */
  directive(node: Directive, context: HtmlContext): string
  /** How often each number has been cited so far, over the whole issue; counted up. */
  readonly cited: Map<number, number>
  /** Levels that Markdown's headings are moved down by, and the level of the last one written. */
  readonly headings: { shift: number; last: number }
  /** In a studio's preview: marks `html` with where `node` stands. */
  readonly mark?: ((html: string, node: Nodes) => string) | undefined
}

/** Blocks as HTML, without line breaks in any of the author's words. */
export function blocksHtml(nodes: readonly RootContent[], context: HtmlContext): string {
  return nodes.map((node) => blockHtml(node, context)).join('\n')
}

function blockHtml(node: RootContent, context: HtmlContext): string {
  switch (node.type) {
    case 'paragraph':
      return `<p>${markedHtml(node, context)}</p>`
    case 'heading': {
      // Never a level skipped, whatever the author wrote (WCAG technique G141).
      const level = Math.max(3, Math.min(6, node.depth + context.headings.shift, context.headings.last + 1))
      context.headings.last = level
      return `<h${level}>${markedHtml(node, context)}</h${level}>`
    }
    case 'blockquote':
      return `<blockquote>${blocksHtml(node.children, context)}</blockquote>`
    case 'list':
      return listHtml(node, context)
    case 'table':
      return tableHtml(node, context)
    case 'code':
      return `<pre><code>${marked(codeText(node.value), node, context)}</code></pre>`
    case 'thematicBreak':
      return '<hr>'
    case 'html':
      return `<p>${marked(textHtml(node.value), node, context)}</p>`
    case 'definition':
    case 'waiver':
    case 'yaml':
    case 'footnoteDefinition':
      return ''
    case 'members':
    case 'teaser':
    case 'scenarios':
    case 'timeline':
    case 'figures':
    case 'positions':
    case 'pullquote':
    case 'note':
    case 'correction':
    case 'button':
      return context.directive(node, context)
    case 'listItem':
    case 'tableRow':
    case 'tableCell':
    case 'scenario':
    case 'event':
    case 'figure':
    case 'position':
      return strayHtml(node, context)
    default:
      return `<p>${inlineHtml([node], context)}</p>`
  }
}

/** A part of a list or table outside of one: its words are kept. */
function strayHtml(node: Parents, context: HtmlContext): string {
  return blocksHtml(node.children, context)
}

/** The phrasing content of one block. */
export function markedHtml(node: Extract<Nodes, Parents>, context: HtmlContext): string {
  return marked(inlineHtml(node.children, context), node, context)
}

/** Text or HTML that stands for `node`, with the mark of its place where marks are asked for. */
export function marked(html: string, node: Nodes, context: HtmlContext): string {
  return context.mark?.(html, node) ?? html
}

/** Phrasing content as HTML. A space before a citation's number never breaks. */
export function inlineHtml(nodes: readonly Nodes[], context: HtmlContext): string {
  return nodes
    .map((node, index) => {
      const html = phraseHtml(node, context)
      const next = nodes[index + 1]
      const glue = node.type === 'text' && next?.type === 'citation' && !next.narrative
      return glue ? html.replace(/ $/, '\u00a0') : html
    })
    .join('')
}

function phraseHtml(node: Nodes, context: HtmlContext): string {
  switch (node.type) {
    case 'text':
    case 'html':
      return textHtml(node.value)
    case 'emphasis':
      return `<em>${inlineHtml(node.children, context)}</em>`
    case 'strong':
      return `<strong>${inlineHtml(node.children, context)}</strong>`
    case 'delete':
      return `<del>${inlineHtml(node.children, context)}</del>`
    case 'inlineCode':
      return `<code>${textHtml(node.value)}</code>`
    case 'break':
      return '<br>'
    case 'link':
      return linkHtml(node.url, node.children, context)
    case 'linkReference': {
      const url = context.definitions.get(node.identifier)?.url ?? ''
      return linkHtml(url, node.children, context)
    }
    case 'image':
      return imageHtml(node.url, node.alt ?? '', context)
    case 'imageReference':
      return imageHtml(context.definitions.get(node.identifier)?.url ?? '', node.alt ?? '', context)
    case 'citation':
      return citationHtml(node, context)
    case 'footnoteReference':
      return ''
    default:
      return 'children' in node ? inlineHtml(node.children, context) : ''
  }
}

function citationHtml(node: Citation, context: HtmlContext): string {
  const marks = shownMarks(node)
  const html = marks
    .map((mark) => {
      const lead = mark.lead === null ? '' : `${textHtml(mark.lead)}\u00a0`
      const number = markHtml(mark.label, mark.number, mark.href, mark.publisher, context)
      const relay = mark.via
      const via =
        relay === null
          ? ''
          : `\u00a0<span class="c">via</span>\u00a0${markHtml(relay.label, relay.number, relay.href, null, context)}`
      return lead + number + via
    })
    .join('')
  // A line may break between “]” and “[” (UAX 14): a few numbers stay together.
  const text = citationText(node)
  return marks.length > 1 && text.length <= 24 && !text.includes(' ')
    ? `<span class="n">${html}</span>`
    : html
}

/** In mail `[3]` leads to the source itself, where the tier may follow it; on the web to the list and back. */
function markHtml(
  label: string,
  number: number,
  href: string | null,
  publisher: string | null,
  context: HtmlContext,
): string {
  const time = (context.cited.get(number) ?? 0) + 1
  context.cited.set(number, time)
  // Else the number of a name in Latin letters would stand before the name, in a line that is read from the right.
  const dir = directionOf(context.lang) === 'rtl' ? ' dir="auto"' : ''
  if (context.medium === 'email') {
    return `<a class="c"${dir} href="${escapeHtml(safeHref(href) ?? `#s${number}`)}">${textHtml(label)}</a>`
  }
  const title = publisher === null ? '' : ` title="${escapeHtml(publisher)}"`
  return `<a class="c"${dir} id="c${number}-${time}" href="#s${number}"${title}>${textHtml(label)}</a>`
}

function linkHtml(url: string, children: readonly PhrasingContent[], context: HtmlContext): string {
  const href = safeHref(url)
  const inner = inlineHtml(children, context)
  return href === null ? inner : `<a href="${escapeHtml(href)}">${inner}</a>`
}

function imageHtml(url: string, alt: string, context: HtmlContext): string {
  const image = context.image(url)
  if (image === null) return textHtml(`[${alt}]`)
  const { src, width, height } = image
  // A share of the column, since a width in pixels would push it open where images are blocked.
  const style = context.medium === 'email' ? ` style="width:100%;max-width:${width}px;height:auto"` : ''
  return `<img src="${escapeHtml(src)}" width="${width}" height="${height}" alt="${escapeHtml(alt)}"${style}>`
}

function listHtml(node: List, context: HtmlContext): string {
  const tag = node.ordered === true ? 'ol' : 'ul'
  const start =
    node.ordered === true && typeof node.start === 'number' && node.start !== 1
      ? ` start="${node.start}"`
      : ''
  const loose = node.spread === true || node.children.some((item) => item.spread === true)
  const items = node.children.map((item) => {
    const inner = item.children
      .map((child) =>
        child.type === 'paragraph' && !loose ? markedHtml(child, context) : blockHtml(child, context),
      )
      .join('\n')
    return `<li>${inner}</li>`
  })
  return `<${tag}${start}>${items.join('\n')}</${tag}>`
}

function tableHtml(node: Table, context: HtmlContext): string {
  const rtl = directionOf(context.lang) === 'rtl'
  const rows = node.children.map((row, index) => {
    const cells = row.children.map((cell, column) => {
      const align = node.align?.[column] ?? null
      const tag = index === 0 ? 'th' : 'td'
      const scope = index === 0 ? ' scope="col"' : ''
      const side =
        context.medium === 'email'
          ? align === null && index > 0
            ? ''
            : ` align="${align ?? (rtl ? 'right' : 'left')}"`
          : align === null
            ? ''
            : ` class="to-${align}"`
      return `<${tag}${scope}${side}>${markedHtml(cell, context)}</${tag}>`
    })
    return `<tr>${cells.join('')}</tr>`
  })
  const [head = '', ...body] = rows
  const rest = body.length > 0 ? `\n<tbody>${body.join('\n')}</tbody>` : ''
  return `<table class="t"${rtl ? ' dir="rtl"' : ''}><thead>${head}</thead>${rest}</table>`
}

/** Text on one line: what was a line break in the file is a space. */
export function textHtml(text: string): string {
  return escapeHtml(text).replace(/\s*\n\s*/g, ' ')
}

/** Line ends and indents of code as references, which no minifier takes for layout. */
function codeText(text: string): string {
  return escapeHtml(text).replace(/\n/g, '&#10;')
}
