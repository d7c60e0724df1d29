import Turndown from 'turndown'

/**
 * Rich text of another program as Markdown of a brief: links, strong and stressed words, headings from `##` on, lists,
 * quotations and tables. Nothing is escaped: Markdown, citations and fences that were typed there are meant as such.
 */
export function markdownOf(html: string): string {
  return tidied(turndown.turndown(withoutStyles(html)))
}

/** Looks are read under another name: the page’s policy would speak of each, though a text that is read has none. */
function withoutStyles(html: string): string {
  return (
    html
      // What never ends, ends with the text: each beginning would be looked through to there.
      .replace(/<style\b.*?(?:<\/style\s*>|$)/gisu, '')
      .replace(/<[a-z](?:"[^"]*(?:"|$)|'[^']*(?:'|$)|[^"'>])*(?:>|$)/giu, (tag) =>
        tag.replace(/(\s)style(?=\s*=)/giu, '$1data-style'),
      )
  )
}

const turndown = new Turndown({
  ...{ headingStyle: 'atx', bulletListMarker: '-', emDelimiter: '*', codeBlockStyle: 'fenced', br: '\\' },
})
turndown.escape = (text) => text
// Neither programs nor looks, nor pictures of other machines. A rule of ours goes before those that would keep them.
turndown.addRule('left-out', {
  filter: ['script', 'style', 'title', 'img', 'picture', 'iframe', 'object', 'video', 'audio', 'noscript'],
  replacement: () => '',
})

/** As much of an element as is looked at here. */
interface Tag {
  readonly nodeName: string
  readonly textContent: string | null
  readonly parentElement: Tag | null
  readonly children: ArrayLike<Tag>
  getAttribute(name: string): string | null
}

const styleOf = (node: Tag): string => node.getAttribute('data-style') ?? ''
const isBold = (node: Tag): boolean => /(?<!-)font-weight:\s*(?:bold|[6-9]00)/iu.test(styleOf(node))
const isItalic = (node: Tag): boolean => /(?<!-)font-style:\s*italic/iu.test(styleOf(node))
const isList = (node: Tag | null): boolean => node?.nodeName === 'UL' || node?.nodeName === 'OL'

// Google Docs has the whole text in a `<b>` that is none, and says of words how they look.
turndown.addRule('looks', {
  filter: (node: Tag) => ['SPAN', 'B', 'STRONG', 'I', 'EM'].includes(node.nodeName),
  replacement(content, node: Tag) {
    const isPlain = /(?<!-)font-weight:\s*(?:normal|400)/iu.test(styleOf(node))
    const strong = isBold(node) || (!isPlain && ['B', 'STRONG'].includes(node.nodeName))
    const stressed = isItalic(node) || ['I', 'EM'].includes(node.nodeName)
    if (content.trim() === '' || content.includes('\n\n')) return content
    return (strong ? '**' : '') + (stressed ? `*${content}*` : content) + (strong ? '**' : '')
  },
})

turndown.addRule('link', {
  filter: 'a',
  replacement(content, node: Tag) {
    const target = targetOf(node.getAttribute('href') ?? '')
    const words = content.trim()
    if (target === null || words === '') return content
    if (words === target || `${words}/` === target) return target
    const safe = target.replace(/[<>\s]/gu, encodeURIComponent)
    return `[${content}](${/[()\\]/u.test(safe) ? `<${safe}>` : safe})`
  },
})

turndown.addRule('heading', {
  filter: ['h1', 'h2', 'h3', 'h4', 'h5', 'h6'],
  replacement(content, node: Tag) {
    const words = content
      .replaceAll('**', '')
      .replace(/\\?\s*\n\s*/gu, ' ')
      .trim()
    return words === '' ? '' : `\n\n${'#'.repeat(Number(node.nodeName.charAt(1)))} ${words}\n\n`
  },
})

turndown.addRule('list', {
  filter: ['ul', 'ol'],
  replacement(content, { parentElement }: Tag) {
    // Google Docs has the inner list beside its item.
    if (isList(parentElement)) return `\n${indented(content.replace(/^\n+|\n+$/gu, ''), '  ')}\n`
    return parentElement?.nodeName === 'LI' ? `\n${content}` : `\n\n${content}\n\n`
  },
})

turndown.addRule('item', {
  filter: 'li',
  replacement(content, node: Tag) {
    const list = node.parentElement
    if (list?.nodeName !== 'OL') return itemOf(content, '-')
    const items = Array.from(list.children).filter(({ nodeName }) => nodeName === 'LI')
    return itemOf(content, `${Number(list.getAttribute('start') ?? 1) + items.indexOf(node)}.`)
  },
})

// Word has no lists on the clipboard: paragraphs with their mark in front, and the level in their style.
const wordLevel = (node: Tag): number | null => {
  const level = /mso-list:\s*\w+\s+level(\d)/iu.exec(styleOf(node))?.[1]
  return level === undefined ? null : Number(level)
}
turndown.addRule('word-item', {
  filter: (node: Tag) => node.nodeName === 'P' && wordLevel(node) !== null,
  replacement(content, node: Tag) {
    const number = /^\s*(\d+)[.)]/u.exec(node.textContent ?? '')?.[1]
    const item = itemOf(content, number === undefined ? '-' : `${number}.`)
    return `\n${indented(item.trimEnd(), '   '.repeat((wordLevel(node) ?? 1) - 1))}\n`
  },
})
turndown.addRule('word-mark', {
  filter: (node: Tag) => /mso-list:\s*ignore/iu.test(styleOf(node)),
  replacement: () => '',
})

turndown.addRule('struck', {
  filter: ['s', 'del'],
  replacement: (content) => (content.trim() === '' ? content : `~~${content}~~`),
})

turndown.addRule('cell', {
  filter: ['td', 'th'],
  replacement: (content) =>
    `| ${content
      .trim()
      .replace(/\\?\s*\n\s*/gu, ' ')
      .replaceAll('|', '\\|')} `,
})
turndown.addRule('row', { filter: 'tr', replacement: (content) => `${content.replaceAll('\n', '')}|\n` })
turndown.addRule('table', {
  filter: 'table',
  replacement(content) {
    const [head, ...rows] = content.trim().split(/\n+/u)
    const cells = head?.match(/(?<!\\)\|(?!$)/gu)?.length ?? 0
    // A column alone is there for the look: its cells are paragraphs.
    if (head === undefined) return ''
    if (cells < 2)
      return `\n\n${[head, ...rows].map((row) => row.replace(/^\| | *\|$/gu, '')).join('\n\n')}\n\n`
    return `\n\n${[head, '| --- '.repeat(cells) + '|', ...rows].join('\n')}\n\n`
  },
})

/** Where a link leads that may stand in a brief; Google’s detour is left out. */
function targetOf(href: string): string | null {
  const url = URL.parse(href)
  if (url === null || !/^(?:https?|mailto):$/u.test(url.protocol)) return null
  const meant =
    /(?:^|\.)google\.com$/u.test(url.hostname) && url.pathname === '/url' ? url.searchParams.get('q') : null
  return meant !== null && /^https?:\/\//u.test(meant) ? meant : href
}

function itemOf(content: string, mark: string): string {
  const words = content.trim().replace(/\n(?:[ \t]*\n)+/gu, '\n\n')
  return `${mark} ${indented(words, ' '.repeat(mark.length + 1)).trimStart()}\n`
}

function indented(text: string, by: string): string {
  return text.replace(/^(?=.)/gmu, by)
}

function tidied(markdown: string): string {
  const text = markdown
    .replace(/ \u00A0|\u00A0 /gu, ' ')
    // Two stretches that look alike are one.
    .replaceAll('****', '')
    .replace(/(?:\\|[ \t\u00A0])+$/gmu, (end) => (end === '\\' ? end : ''))
    .replace(/^\\?$/gmu, '')
    .replace(/\\\n(?=\n)/gu, '\n')
    .replace(/\n{3,}/gu, '\n\n')
    .replace(/\\?\s*$/u, '')
    .replace(/^\s*\n/u, '')
  const isBelow = /^# /mu.test(text)
  return isBelow ? text.replace(/^#{1,5} /gmu, '#$&') : text
}
