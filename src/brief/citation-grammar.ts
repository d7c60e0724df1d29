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
 * straight or curly, and what they hold is not grammar.
 */
export function parseCitation(inside: string): readonly CitationItem[] | CitationProblem {
  const items: CitationItem[] = []
  for (const part of split(inside, ';')) {
    const via = /^\s*via\s+@([A-Za-z0-9_-]+)\s*$/u.exec(part)
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

function parseItem(part: string): CitationItem | CitationProblem {
  const [head = '', ...rest] = split(part, ',')
  const id = /^\s*@([A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?)\s*$/u.exec(head)?.[1]
  if (id === undefined) {
    const text = head.trim()
    if (text === '') return problem('a source is missing: “;” or “,” has nothing before it')
    if (!text.startsWith('@')) return problem(`“${shorten(text)}” is no source’s id: an id begins with “@”`)
    return problem(`“${shorten(text)}” is no source’s id: ids are letters, digits and hyphens`)
  }
  let quote: string | null = null
  const locator: string[] = []
  for (const piece of rest) {
    const text = piece.trim()
    const words = quotationOf(text)
    if (words === null) {
      if (quote !== null) return problem('the exact words come last')
      if (text === '') return problem('a comma has nothing after it')
      if (/["“”]/u.test(text)) return problem('the exact words stand alone between quotation marks')
      locator.push(text)
    } else if (quote !== null) return problem('one item holds one quotation')
    else if (words === '') return problem('the quotation marks hold no words')
    else quote = words
  }
  return { id, locator: locator.length === 0 ? null : unescape(locator.join(', ')), quote, via: null }
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
    if (character === '\\') {
      part += character + text.charAt(++index)
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

/** Backslash escapes as in Markdown; a line break within a paragraph is a space. */
function unescape(text: string): string {
  return text.replace(/\\([!-/:-@[-`{-~])/gu, '$1').replace(/\s+/gu, ' ')
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
