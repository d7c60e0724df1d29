import { escapeHtml } from '../../render/escape.ts'

/** A stretch of HTML that is replaced: by a text, or, where it is an opening tag, by itself with other attributes. */
export type Edit =
  | { readonly start: number; readonly end: number; readonly text: string }
  | {
      readonly start: number
      readonly end: number
      readonly attributes: Readonly<Record<string, string | null>>
    }

/** `html` with the edits, which do not overlap; everything else stays byte for byte. */
export function rewrite(html: string, edits: readonly Edit[]): string {
  const parts: string[] = []
  let from = 0
  for (const edit of edits.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    if (edit.start < from) continue
    const text =
      'text' in edit ? edit.text : withAttributes(html.slice(edit.start, edit.end), edit.attributes)
    parts.push(html.slice(from, edit.start), text)
    from = edit.end
  }
  parts.push(html.slice(from))
  return parts.join('')
}

/** One opening tag with some attributes set, or taken off where null. */
function withAttributes(tag: string, changed: Readonly<Record<string, string | null>>): string {
  const name = /^<[^\s/>]*/.exec(tag)?.[0] ?? '<'
  const end = tag.endsWith('/>') ? '/>' : tag.endsWith('>') ? '>' : ''
  const inner = tag.slice(name.length, tag.length - end.length)
  const left = new Map(Object.entries(changed))
  // Name, and a value in quotation marks or without (HTML, section 13.1.2.3).
  const kept = inner.replace(
    /([^\s"'>/=]+)(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?/g,
    (whole, key: string) => {
      const lower = key.toLowerCase()
      if (!left.has(lower)) return whole
      const value = left.get(lower) ?? null
      left.delete(lower)
      return value === null ? '' : `${lower}="${escapeHtml(value)}"`
    },
  )
  const added = [...left].flatMap(([key, value]) => (value === null ? [] : ` ${key}="${escapeHtml(value)}"`))
  return `${name}${kept.trimEnd()}${added.join('')}${end}`
}
