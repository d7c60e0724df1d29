import { isCollection, isScalar, Scalar, visit } from 'yaml'
import type { Document, Node, YAMLError } from 'yaml'

/** What is wrong with a YAML text, in words for who wrote it. Offsets into the text. */
interface YamlTrouble {
  readonly from: number
  readonly to: number
  readonly message: string
  readonly hint: string
}

/** What is wrong, and the next step. */
type Words = readonly [message: string, hint: string]

const quoteIt = 'quote a value that holds “: ”, “#” or a leading quotation mark'
const tagged: Words = [
  'this value begins with “!”, which YAML keeps for itself.',
  'quote a value that begins with “!”',
]
const unclear: Words = [
  'this is not expected here: a colon, a comma or a quotation mark may be missing, or one too many.',
  quoteIt,
]

/** By the parser's code, whose own sentences are for programmers. */
const words: Partial<Record<YAMLError['code'], Words>> = {
  DUPLICATE_KEY: ['this key is here twice.', 'remove one of the two, or give it another name'],
  TAB_AS_INDENT: ['this line is indented with a tab.', 'indent with spaces'],
  BAD_ALIAS: ['this value begins with “*” or “&”, which YAML keeps for itself.', 'quote the value'],
  ALIAS_PROPS: ['this value begins with “*” or “&”, which YAML keeps for itself.', 'quote the value'],
  MULTIPLE_ANCHORS: ['this value begins with “&” twice.', 'quote a value that begins with “&”'],
  MULTIPLE_TAGS: tagged,
  TAG_RESOLVE_FAILED: tagged,
  BAD_COLLECTION_TYPE: tagged,
  BAD_SCALAR_START: [
    'this value begins with a sign that cannot stand there.',
    'quote the value: it begins with a sign that YAML keeps for itself',
  ],
  BAD_DQ_ESCAPE: [
    'in double quotes, a backslash and what follows it stand for another sign, and these for none.',
    'write “\\\\” for a backslash, or use single quotes',
  ],
  BAD_INDENT: [
    'this line does not begin in the column of those around it.',
    'begin the keys of one list or map in the same column',
  ],
  BLOCK_AS_IMPLICIT_KEY: [
    'this value has a colon in it and no quotation marks around it, or the line after it is indented.',
    quoteIt,
  ],
  MULTILINE_IMPLICIT_KEY: [
    'this line has no “key: value”, or is indented otherwise than the line after it.',
    'write each key with a colon and a space, “key: value”, on one line',
  ],
  KEY_OVER_1024_CHARS: ['the colon of this key comes after too many letters.', quoteIt],
  MULTIPLE_DOCS: ['it ends at a line “---” or “...”, and more follows.', 'remove that line'],
  BAD_DIRECTIVE: ['this line begins with “%”, which YAML keeps for itself.', 'quote it'],
}

/** The parser's `error` as a place, a message and a next step; a list, map or quotation that is never closed is shown where it opens. */
export function yamlTrouble(error: YAMLError, document: Document, text: string): YamlTrouble {
  const [from, to] = error.pos
  const opening = isNeverClosed(error) ? unclosedBefore(from, document, text) : null
  if (opening === null) {
    const [message, hint] = words[error.code] ?? unclear
    return { from, to, message, hint }
  }
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
