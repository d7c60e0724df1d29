import { decodeString } from 'micromark-util-decode-string'
import type { CitationItem } from './tree.ts'

/** What is wrong with a bracket that begins like a citation. */
export interface CitationProblem {
  readonly message: string
  readonly hint: string
}

export interface CitationAttributes {
  readonly key: boolean
  readonly claim: string | null
  readonly scope: 'sentence' | 'para'
}

export const noAttributes: CitationAttributes = { key: false, claim: null, scope: 'sentence' }

/**
 * Reads what stands between the brackets of `[@id; @other]`: items apart by semicolons, each `@id`, then a
 * locator and the exact words, apart by commas; `via @id` belongs to the item before it. Quotation marks are
 * straight or curly, and what they hold is not grammar. This is Pandoc’s grammar, less what would be lost on
 * readers (docs/brief-format.md, “Citations”): whatever is read here, Pandoc reads alike.
 */
export function parseCitation(inside: string): readonly CitationItem[] | CitationProblem {
  const items: CitationItem[] = []
  for (const part of split(inside, ';')) {
    const via = VIA.exec(part)
    const previous = items.at(-1)
    if (via !== null) {
      if (previous === undefined || previous.via !== null)
        return problem('“via” follows the source it is about')
      items[items.length - 1] = { ...previous, via: via[1] ?? null }
      continue
    }
    const item = parseItem(part)
    if ('message' in item) return item
    items.push(item)
  }
  return items
}

/** Reads what stands between the braces of `{key}`, `{id=paktika-toll}`, `{scope=para}`. */
export function parseCitationAttributes(inside: string): CitationAttributes | CitationProblem {
  let attributes = noAttributes
  const words = inside.trim().split(/\s+/u)
  for (const word of words) {
    const [name, value, ...rest] = word.split('=')
    const plain = value?.replace(/^"(.*)"$/u, '$1').replace(/^'(.*)'$/u, '$1')
    if (name === 'key' && value === undefined) attributes = { ...attributes, key: true }
    else if (name === 'scope' && (plain === 'para' || plain === 'sentence') && rest.length === 0) {
      attributes = { ...attributes, scope: plain }
    } else if (
      name === 'id' &&
      plain !== undefined &&
      /^[a-z0-9][a-z0-9-]*$/u.test(plain) &&
      rest.length === 0
    ) {
      attributes = { ...attributes, claim: plain }
    } else {
      return {
        message: `“{${shorten(inside)}}” after a citation is none of its attributes.`,
        hint: 'write {scope=para}, {key} or {id=name-of-the-claim}',
      }
    }
  }
  return attributes
}

const CLOSING: Readonly<Record<string, string>> = { '"': '"', '“': '”' }

/** Single hyphens within, as Pandoc has it: `a--b` is the id `a` and a dash. */
const ID = '[A-Za-z0-9](?:(?:_+(?:-_*)?|-_*)?[A-Za-z0-9])*'
const VIA = new RegExp(`^\\s*via\\s+@(${ID})\\s*$`, 'u')
const HEAD = new RegExp(`^\\s*@(${ID})(?=[\\s,]|$)`, 'u')

/** A second source without a semicolon before it; addresses and `\\@` are none. */
const SECOND = /(?<![\\\p{L}\p{N}_/@])@[A-Za-z0-9_{]/u

function parseItem(part: string): CitationItem | CitationProblem {
  const [head, id] = HEAD.exec(part) ?? []
  if (head === undefined || id === undefined) return badId(part.trim())
  const after = part.slice(head.length).trim()
  if (after === '') return { id, locator: null, quote: null, via: null }
  const pieces = split(after.startsWith(',') ? after.slice(1) : after, ',')
  if (pieces.some((piece) => piece.trim() === '')) return problem('a comma has nothing after it')
  const quote = quotationOf(pieces.at(-1)?.trim() ?? '')
  if (quote === '') return problem('the quotation marks hold no words')
  if (quote !== null) pieces.pop()
  for (const piece of pieces) {
    if (quotationOf(piece.trim()) !== null) {
      return problem(quote === null ? 'the exact words come last' : 'one item holds one quotation')
    }
    if (/(?<!\\)["“”]/u.test(piece)) return problem('the exact words stand alone between quotation marks')
    if (hasLoneMark(piece)) return problem('a mark has no pair (a literal * is \\*, a literal ` is \\`)')
    if (SECOND.test(piece)) return problem('“;” stands between two sources')
  }
  // Put together again as they stood: “1,200” is one number.
  const locator = unescape(pieces.join(',').trim())
  return { id, locator: locator === '' ? null : locator, quote, via: null }
}

/** To Markdown `*`, a backtick, and `_` at the edge of a word may run on past the bracket to their pair. */
function hasLoneMark(text: string): boolean {
  const marks = text.match(/(?<!\\)(?:[*`]|(?<![\p{L}\p{N}_])_+|_+(?![\p{L}\p{N}_]))/gu)?.join('') ?? ''
  return ['*', '`', '_'].some((mark) => marks.split(mark).length % 2 === 0)
}

function badId(text: string): CitationProblem {
  if (text === '') return problem('a source is missing: “;” or “,” has nothing before it')
  if (text.startsWith('@')) {
    return problem(`“${shorten(text)}” is no source’s id: ids are letters, digits and single hyphens`)
  }
  if (text.startsWith('-@')) {
    return problem(`“${shorten(text)}” is no source’s id: nothing can be left out with “-”`)
  }
  return problem(`“${shorten(text)}” is no source’s id: an id begins with “@”`)
}

function quotationOf(text: string): string | null {
  const close = CLOSING[text.charAt(0)]
  if (close === undefined || text.length < 2 || !text.endsWith(close)) return null
  return unescape(text.slice(1, -1).trim())
}

/** Cuts at `separator` outside quotation marks. */
function split(text: string, separator: string): string[] {
  const parts: string[] = []
  let part = ''
  let depth = 0
  let straight = false
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index)
    const unit = unitAt(text, index)
    if (unit.length > 1) {
      part += unit
      index += unit.length - 1
      continue
    }
    if (character === '"' && depth === 0) straight = !straight
    else if (character === '“' && !straight) depth++
    else if (character === '”' && !straight && depth > 0) depth--
    if (character === separator && !straight && depth === 0) {
      parts.push(part)
      part = ''
    } else part += character
  }
  parts.push(part)
  return parts
}

/** A character, or an escape or a character reference as a whole: `\\;`, `&nbsp;`. */
function unitAt(text: string, index: number): string {
  const character = text.charAt(index)
  if (character === '\\') return text.slice(index, index + 2)
  if (character !== '&') return character
  const reference = /^&#?[A-Za-z0-9]{1,32};/u.exec(text.slice(index, index + 35))?.[0] ?? ''
  return reference === decodeString(reference) ? character : reference
}

/** Escapes and character references as in Markdown; a line break within a paragraph is a space. */
function unescape(text: string): string {
  return decodeString(text).replace(/\s+/gu, ' ')
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text
}

function problem(why: string): CitationProblem {
  return {
    message: `This begins like a citation and is none: ${why}.`,
    hint: 'write [@id], [@id, p. 18], [@id, "exact words"] or [@id; via @other]; a literal @ is \\@',
  }
}
