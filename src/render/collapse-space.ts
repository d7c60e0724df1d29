/**
 * Takes out the white space that lays MJML's output and templates out, and nothing else: runs that
 * hold a line break. Words of authors hold none, since `html.ts` writes them without (a line of
 * code ends in `&#10;`). Beside a block's tag a run is dropped, elsewhere it becomes one space.
 */
export function collapseSpace(html: string): string {
  const tokens = html.match(token) ?? []
  let out = ''
  for (const [index, each] of tokens.entries()) {
    if (each.startsWith('<style')) out += collapseCss(each)
    else if (each.startsWith('<!--'))
      out += each
        .replace(/>\s*\n\s*/g, '>')
        .replace(/\s*\n\s*</g, '<')
        .replace(lines, ' ')
    else if (each.startsWith('<'))
      out += each
        .replace(lines, ' ')
        .replace(emptyAttribute, '')
        .replace(/ (\/?>)$/, '$1')
    else out += collapseText(each, isBlock(tokens[index - 1]), isBlock(tokens[index + 1]))
  }
  return out
}

const token = /<style[\s\S]*?<\/style>|<!--[\s\S]*?-->|<[!/]?[a-z][^<>]*>|[^<]+|</gi
const lines = /\s*\n\s*/g
const emptyAttribute = / (?:class|style)=""/g
const block =
  /^<(?:!|\/?(?:html|head|body|title|meta|link|style|table|thead|tbody|tr|td|th|div|p|h[1-6]|[uod]l|li|dt|dd|blockquote|pre|hr|section|article|header|footer|main|nav|aside|figure|figcaption|br)[\s/>])/i

function isBlock(tag: string | undefined): boolean {
  return tag === undefined || block.test(tag)
}

function collapseText(text: string, afterBlock: boolean, beforeBlock: boolean): string {
  if (!text.includes('\n')) return text
  if (text.trim() === '') return afterBlock || beforeBlock ? '' : ' '
  return text
    .replace(/^\s*\n\s*/, afterBlock ? '' : ' ')
    .replace(/\s*\n\s*$/, beforeBlock ? '' : ' ')
    .replace(lines, ' ')
}

function collapseCss(style: string): string {
  return style
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};,]) ?/g, '$1')
    .replace(/: /g, ':')
    .replace(/;}/g, '}')
    .replace(/^(<style[^>]*>) | (<\/style>)$/g, '$1$2')
}
