import { isCollection, isScalar, Scalar, visit } from 'yaml'
import type { Document, Node, YAMLError } from 'yaml'

/** What is wrong with a YAML text, in words for who wrote it. Offsets into the text. */
interface YamlTrouble {
  readonly from: number
  readonly to: number
  readonly message: string
  readonly hint: string
}

const quoteIt = 'quote a value that holds “: ”, “#” or a leading quotation mark'

/** The next step for the commonest mistakes, by the parser's code for them. */
const hints: Partial<Record<YAMLError['code'], string>> = {
  DUPLICATE_KEY: 'remove one of the two, or give it another name',
  TAB_AS_INDENT: 'indent with spaces',
  BAD_ALIAS: 'quote a value that begins with “*”',
  BAD_SCALAR_START: 'quote the value: it begins with a sign that YAML keeps for itself',
  BAD_DQ_ESCAPE: 'write “\\\\” for a backslash, or use single quotes',
  BAD_INDENT: 'begin the keys of one list or map in the same column',
  MULTILINE_IMPLICIT_KEY: 'write each key with a colon and a space, “key: value”, on one line',
  MULTIPLE_ANCHORS: 'quote a value that begins with “&”',
  MULTIPLE_TAGS: 'quote a value that begins with “!”',
  TAG_RESOLVE_FAILED: 'quote a value that begins with “!”',
}

/** The parser's `error` as a place, a message and a next step; a list, map or quotation that is never closed is shown where it opens. */
export function yamlTrouble(error: YAMLError, document: Document, text: string): YamlTrouble {
  const [from, to] = error.pos
  const opening = isNeverClosed(error) ? unclosedBefore(from, document, text) : null
  if (opening === null) return { from, to, message: plain(error.message), hint: hints[error.code] ?? quoteIt }
  const sign = text.charAt(opening)
  const lineEnd = text.indexOf('\n', opening)
  return {
    from: opening,
    to: lineEnd < 0 ? text.length : lineEnd,
    message: `the “${sign}” that stands here is never closed.`,
    hint: `close it with “${closing[sign] ?? sign}”, or quote the value if it is meant as it stands`,
  }
}

const closing: Readonly<Record<string, string>> = { '[': ']', '{': '}', '"': '"', "'": "'" }

function isNeverClosed({ code, message }: YAMLError): boolean {
  return code === 'MISSING_CHAR' || (code === 'BAD_INDENT' && message.startsWith('Flow '))
}

/** Where the last list, map or quotation in signs that begins before `end` and does not close stands, or null. */
function unclosedBefore(end: number, document: Document, text: string): number | null {
  let found: number | null = null
  const look = (node: Node): void => {
    const { range } = node
    if (!range || range[0] >= end || !isInSigns(node)) return
    const [start, stop] = range
    const isClosed = stop - start > 1 && text.charAt(stop - 1) === closing[text.charAt(start)]
    if (!isClosed && text.charAt(start) in closing && (found === null || start > found)) found = start
  }
  visit(document, { Node: (_key, node) => look(node) })
  return found
}

function isInSigns(node: Node): boolean {
  if (isCollection(node)) return node.flow === true
  return isScalar(node) && (node.type === Scalar.QUOTE_DOUBLE || node.type === Scalar.QUOTE_SINGLE)
}

function plain(message: string): string {
  const text = message.split('\n')[0] ?? message
  return text.endsWith('.') ? text : `${text}.`
}
