import type { EditorState } from '@codemirror/state'

/** Whether a clipboard’s HTML says more than its plain text; what was copied from a program for code does not. */
export function isRich(html: string): boolean {
  const isCode =
    /^(?:\s|<(?:meta|html|head|body|!--)[^>]*>|<\/head>)*<(?:pre\b|div\b[^>]*white-space:\s*pre\b)/iu.test(
      html,
    )
  return !isCode && /<(?:a|b|strong|i|em|h[1-6]|p|li|td|blockquote)\b/iu.test(html)
}

/** A heading, a list, a quotation or a table stands apart from what is before and behind it. */
export function fitted(state: EditorState, from: number, to: number, text: string): string {
  const isBlock = (line: string | undefined): boolean => /^(?:#{1,6} |[-*>] |\d+\. |\| )/u.test(line ?? '')
  const lines = text.split('\n')
  const [first, last] = [state.doc.lineAt(from), state.doc.lineAt(to)]
  const before = state.sliceDoc(first.from, from)
  const above = first.number > 1 ? state.doc.line(first.number - 1).text : ''
  const gapBefore = before.trim() !== '' ? '\n\n' : above.trim() !== '' ? '\n' : ''
  const behind = state.sliceDoc(to, last.to)
  const below = last.number < state.doc.lines ? state.doc.line(last.number + 1).text : ''
  const gapBehind = behind.trim() !== '' ? '\n\n' : below.trim() !== '' ? '\n' : ''
  return (isBlock(lines[0]) ? gapBefore : '') + text + (isBlock(lines.at(-1)) ? gapBehind : '')
}
