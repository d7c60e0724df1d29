import { headerLines, headerOf, splitHead } from '../outbox/headers.ts'
import type { MimePart } from './contract/preview.ts'

/** So deep a message may be nested; ours are two parts in one. */
const DEEPEST = 8

/** The parts of a message that we have made, as a tree (RFC 2046); sizes are of what is sent. */
export function mimeParts(source: string, depth = 0): MimePart {
  const { head } = splitHead(Buffer.from(source))
  const body = source.slice(/\r?\n\r?\n/.exec(source)?.index ?? source.length)
  const type = headerOf(head, 'content-type') ?? 'text/plain'
  const boundary = /;\s*boundary\s*=\s*(?:"([^"]+)"|([^\s;]+))/i.exec(type)
  const mark = boundary?.[1] ?? boundary?.[2]
  const bodies = mark === undefined || depth >= DEEPEST ? [] : split(body, mark)
  const bytes = Buffer.byteLength(source)
  return {
    type: type.split(';')[0]?.trim().toLowerCase() ?? '',
    charset: /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(type)?.[1] ?? null,
    encoding: headerOf(head, 'content-transfer-encoding'),
    headers: depth === 0 ? headerLines(head).length : null,
    bytes,
    parts: bodies.map((each) => mimeParts(each, depth + 1)),
  }
}

/** What stands between the lines that are the boundary (RFC 2046 §5.1.1). */
function split(body: string, mark: string): readonly string[] {
  const parts = `\r\n${body}`.split(`\n--${mark}`)
  return parts.slice(1).flatMap((part) => (part.startsWith('--') ? [] : [part.replace(/^[^\n]*\n/, '')]))
}
