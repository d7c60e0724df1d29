import type { Definition, List, Nodes, PhrasingContent, Root, RootContent, Table } from 'mdast'
import { likelihoods } from '../brief/likelihood.ts'
import { citationText } from './citation.ts'
import { formatDate } from './date.ts'
import { printable, safeHref } from './escape.ts'
import { definitionsOf } from './definitions.ts'
import { columns, wrap } from './wrap.ts'

/** What the text of one tree depends on besides it. */
export interface TextContext {
  readonly lang: string
  /** One line that says how to read what was taken out, or null. */
  readonly invitation: string | null
}

const WIDTH = 72

/** A tree as plain text for a mail program without HTML, in lines of 72 columns. */
export function treeText(root: Root, context: TextContext): string {
  return new Writer(context, definitionsOf(root)).blocks(root.children, '')
}

class Writer {
  readonly #context: TextContext
  readonly #definitions: ReadonlyMap<string, Definition>

  constructor(context: TextContext, definitions: ReadonlyMap<string, Definition>) {
    this.#context = context
    this.#definitions = definitions
  }

  /** Blocks with an empty line between them, each line behind `indent`. */
  blocks(nodes: readonly RootContent[], indent: string): string {
    return nodes
      .map((node) => this.#block(node, indent))
      .filter((text) => text !== '')
      .join(`\n${indent.trimEnd()}\n`)
  }

  #block(node: RootContent, indent: string): string {
    switch (node.type) {
      case 'paragraph':
        return this.#wrap(this.#inline(node.children), indent)
      case 'heading':
        return underlined(this.#inline(node.children), node.depth <= 2 ? '-' : '.', indent)
      case 'blockquote':
        return this.blocks(node.children, `${indent}> `)
      case 'list':
        return this.#list(node, indent)
      case 'table':
        return this.#table(node, indent)
      case 'code':
        return printable(node.value)
          .split('\n')
          .map((line) => `${indent}    ${line}`.trimEnd())
          .join('\n')
      case 'thematicBreak':
        return `${indent}* * *`
      case 'members':
        return `${indent}[For members]\n${indent.trimEnd()}\n${this.blocks(node.children, indent)}`
      case 'teaser': {
        const invitation = this.#context.invitation
        const text = `Members are reading: ${oneLine(node.teaser)}`
        return this.#wrap(invitation === null ? text : `${text}\n${invitation}`, `${indent}| `)
      }
      case 'scenarios':
        return this.#scenarios(node.children, indent)
      case 'timeline':
        return node.children
          .map((event) => {
            const date = formatDate(event.date, this.#context.lang, event.until)
            return this.#wrap(`${date}: ${this.#inline(event.children)}`, `${indent}* `, `${indent}  `)
          })
          .join('\n')
      case 'figures':
        return node.children
          .map((figure) =>
            this.#wrap(
              `${oneLine(figure.value)}  ${this.#inline(figure.children)}`,
              `${indent}* `,
              `${indent}  `,
            ),
          )
          .join('\n')
      case 'positions':
        return node.children
          .map(
            (position) =>
              `${this.#wrap(`${oneLine(position.party)}:`, indent)}\n${this.blocks(position.children, `${indent}  `)}`,
          )
          .join(`\n${indent.trimEnd()}\n`)
      case 'pullquote':
        return this.blocks(
          node.children.flatMap((child): RootContent[] =>
            child.type === 'blockquote' ? child.children : [child],
          ),
          `${indent}> `,
        )
      case 'note':
        return `${indent}| Note\n${this.blocks(node.children, `${indent}| `)}`
      case 'correction':
        return `${indent}| Correction\n${this.blocks(node.children, `${indent}| `)}`
      case 'button': {
        const label = this.#inline(node.children)
        const href = safeHref(node.href)
        return this.#wrap(href === null ? `[ ${label} ]` : `[ ${label} ]\n${href}`, indent)
      }
      case 'html':
        return this.#wrap(oneLine(node.value), indent)
      case 'definition':
      case 'waiver':
      case 'yaml':
      case 'footnoteDefinition':
        return ''
      case 'listItem':
      case 'position':
        return this.blocks(node.children, indent)
      default:
        return this.#wrap(this.#inline([node]), indent)
    }
  }

  #scenarios(nodes: Extract<RootContent, { type: 'scenarios' }>['children'], indent: string): string {
    const cards = nodes.map((scenario) => {
      const [from, to] = likelihoods[scenario.likelihood]
      const head = `${oneLine(scenario.name)} (${scenario.likelihood}, ${from}–${to} %)`
      const body = this.#inline(scenario.children)
      return `${this.#wrap(head, `${indent}* `, `${indent}  `)}\n${this.#wrap(body, `${indent}  `)}`
    })
    return [`${indent}Scenarios, in the desk’s judgement:`, ...cards].join(`\n${indent.trimEnd()}\n`)
  }

  #list(node: List, indent: string): string {
    const start = node.start ?? 1
    const loose = node.spread === true || node.children.some((item) => item.spread === true)
    const items = node.children.map((item, index) => {
      const mark = node.ordered === true ? `${start + index}. ` : '* '
      const inner = `${indent}${' '.repeat(mark.length)}`
      const text = loose
        ? this.blocks(item.children, inner)
        : item.children.map((child) => this.#block(child, inner)).join('\n')
      return `${indent}${mark}${text.slice(inner.length)}`
    })
    return items.join(loose ? `\n${indent.trimEnd()}\n` : '\n')
  }

  /** In columns where they fit, otherwise row by row, a cell a line, under the names of the columns. */
  #table(node: Table, indent: string): string {
    const rows = node.children.map((row) => row.children.map((cell) => this.#inline(cell.children)))
    const widths = (rows[0] ?? []).map((_, column) =>
      Math.max(...rows.map((row) => columns(row[column] ?? ''))),
    )
    const total = widths.reduce((sum, width) => sum + width + 2, columns(indent))
    if (total - 2 <= WIDTH) {
      const line = (row: readonly string[]): string =>
        (
          indent +
          widths
            .map((width, column) => pad(row[column] ?? '', width, node.align?.[column] === 'right'))
            .join('  ')
        ).trimEnd()
      const rule = indent + widths.map((width) => '-'.repeat(width)).join('  ')
      return [line(rows[0] ?? []), rule, ...rows.slice(1).map(line)].join('\n')
    }
    const [head = [], ...body] = rows
    const names = this.#wrap(head.join(' / '), indent)
    const cells = body.map((row) =>
      row
        .map((cell, column) =>
          this.#wrap(cell === '' ? '–' : cell, `${indent}${column === 0 ? '* ' : '  '}`, `${indent}  `),
        )
        .join('\n'),
    )
    return [names, ...cells].join(`\n${indent.trimEnd()}\n`)
  }

  #inline(nodes: readonly Nodes[]): string {
    return nodes.map((node) => this.#phrase(node)).join('')
  }

  #phrase(node: Nodes): string {
    switch (node.type) {
      case 'text':
      case 'inlineCode':
      case 'html':
        return oneLine(node.value)
      case 'break':
        return '\n'
      case 'emphasis':
        return `_${this.#inline(node.children)}_`
      case 'link':
        return this.#link(node.url, node.children)
      case 'linkReference':
        return this.#link(this.#definitions.get(node.identifier)?.url ?? '', node.children)
      case 'image':
      case 'imageReference':
        return `[Picture: ${oneLine(node.alt ?? '')}]`
      case 'citation':
        return oneLine(citationText(node))
      default:
        return 'children' in node ? this.#inline(node.children) : ''
    }
  }

  #link(url: string, children: readonly PhrasingContent[]): string {
    const label = this.#inline(children)
    const href = safeHref(url)
    if (href === null || label === url || label === href || `mailto:${label}` === href) return label
    return `${label} <${href}>`
  }

  #wrap(text: string, first: string, rest = first): string {
    return wrap(text, WIDTH, first, rest)
  }
}

/** A title over a line of `mark`s as long as its longest line. */
export function underlined(title: string, mark: string, indent = ''): string {
  const text = wrap(oneLine(title), WIDTH, indent)
  const longest = Math.max(...text.split('\n').map(columns)) - columns(indent)
  return `${text}\n${indent}${mark.repeat(Math.max(1, longest))}`
}

/** Text without line breaks, control characters and doubled spaces. */
export function oneLine(text: string): string {
  return printable(text).replace(/[ \t\n]+/g, ' ')
}

function pad(text: string, width: number, right: boolean): string {
  const space = ' '.repeat(Math.max(0, width - columns(text)))
  return right ? space + text : text + space
}
