import { finding, type Finding, type Place } from '../core/finding.ts'

/** One `@type{key, field = value, …}` with its strings joined; names and type in lower case, LaTeX as it is. */
export interface BibtexRecord {
  readonly type: string
  readonly key: string | null
  readonly fields: ReadonlyMap<string, string>
  readonly place: Place
}

/** The names of months, which every style of BibTeX defines. */
const months = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')

/**
 * Reads a BibTeX file: `@string`, `#` concatenation, nested braces, quoted and bare values, `@comment`
 * and `@preamble` left out, text between records too. A record that cannot be read is a finding at the
 * sign that is wrong, and reading goes on with the next `@` at the start of a line. Never throws.
 */
export function readBibtexRecords(
  file: string,
  text: string,
): { records: BibtexRecord[]; findings: Finding[] } {
  const records: BibtexRecord[] = []
  const findings: Finding[] = []
  const strings = new Map(months.map((month) => [month, month]))
  const scan = new Scanner(text)
  const placeAt = placesIn(file, text)
  while (scan.skipTo('@')) {
    const start = scan.at
    try {
      const record = readRecord(scan, strings)
      if (record !== null) records.push({ ...record, place: placeAt(start) })
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error
      findings.push(
        finding('DC801', placeAt(error.at), `This BibTeX cannot be read: ${error.message}.`, {
          hint: error.hint,
        }),
      )
      scan.at = Math.max(start + 1, nextRecord(text, start + 1))
    }
  }
  return { records, findings }
}

class Unreadable extends Error {
  readonly at: number
  readonly hint: string | null
  constructor(at: number, message: string, hint: string | null = null) {
    super(message)
    this.at = at
    this.hint = hint
  }
}

/** A place in the text that moves forward. */
class Scanner {
  readonly text: string
  at = 0
  constructor(text: string) {
    this.text = text
  }

  /** Moves to the next `sign`; false at the end. */
  skipTo(sign: string): boolean {
    const found = this.text.indexOf(sign, this.at)
    this.at = found === -1 ? this.text.length : found
    return found !== -1
  }

  space(): void {
    // A `%` starts a comment only where a field could start; values never come here.
    for (;;) {
      const match = matchAt(this.text, this.at, /\s+|%[^\n]*/uy)
      if (match === null) return
      this.at += match.length
    }
  }

  /** The longest run of `pattern` (sticky) here, or null. */
  take(pattern: RegExp): string | null {
    const match = matchAt(this.text, this.at, pattern)
    if (match !== null) this.at += match.length
    return match
  }

  get sign(): string {
    return this.text.charAt(this.at)
  }
}

function readRecord(scan: Scanner, strings: Map<string, string>): Omit<BibtexRecord, 'place'> | null {
  const start = scan.at
  scan.at++
  scan.space()
  const type = scan.take(/[a-z][\w-]*/iuy)?.toLowerCase()
  // An @ in a sentence between records, such as one in an e-mail address.
  if (type === undefined) return null
  scan.space()
  const open = scan.sign
  if (open !== '{' && open !== '(') return null
  const close = open === '{' ? '}' : ')'
  if (type === 'comment' || type === 'preamble') {
    skipGroup(scan, start)
    return null
  }
  scan.at++
  scan.space()
  const key = type === 'string' ? null : readKey(scan, close)
  const fields = readFields(scan, close, start, strings)
  if (type !== 'string') return { type, key, fields }
  for (const [name, value] of fields) strings.set(name, value)
  return null
}

function readKey(scan: Scanner, close: string): string | null {
  const key = scan.take(/[^,\s\p{Cc}={}()"#%]+(?=\s*[,})])/uy)
  scan.space()
  if (scan.sign === ',') scan.at++
  else if (key === null && scan.sign !== close && !/\w/u.test(scan.sign)) {
    throw new Unreadable(scan.at, 'a record begins with its key and a comma')
  }
  return key
}

function readFields(
  scan: Scanner,
  close: string,
  start: number,
  strings: ReadonlyMap<string, string>,
): Map<string, string> {
  const fields = new Map<string, string>()
  for (;;) {
    scan.space()
    if (scan.sign === ',') {
      scan.at++
      continue
    }
    if (scan.sign === close) {
      scan.at++
      return fields
    }
    if (scan.at >= scan.text.length)
      throw new Unreadable(start, 'this record is never closed', `close it with ${close}`)
    const nameAt = scan.at
    const name = scan.take(/[^\s\p{Cc}=,{}()"#%@]+/uy)?.toLowerCase()
    if (name === undefined)
      throw new Unreadable(
        nameAt,
        `there is a ${/\p{Cc}/u.test(scan.sign) ? 'control sign' : scan.sign} where the name of a field should be`,
      )
    scan.space()
    if (scan.sign !== '=') throw new Unreadable(scan.at, `the field “${name}” has no =`)
    scan.at++
    const value = readValue(scan, start, strings)
    // The first of two wins, as BibTeX has it.
    if (!fields.has(name)) fields.set(name, value)
  }
}

function readValue(scan: Scanner, start: number, strings: ReadonlyMap<string, string>): string {
  let value = ''
  for (;;) {
    scan.space()
    if (scan.sign === '{') value += readBraced(scan, start)
    else if (scan.sign === '"') value += readQuoted(scan, start)
    else {
      const bare = scan.take(/[^\s,{}()"#%=]+/uy)
      if (bare === null) throw new Unreadable(scan.at, 'a field has no value', 'put the value in braces')
      value += strings.get(bare.toLowerCase()) ?? bare
    }
    scan.space()
    if (scan.sign !== '#') return value
    scan.at++
  }
}

function readBraced(scan: Scanner, start: number): string {
  const from = scan.at
  skipGroup(scan, start)
  return scan.text.slice(from + 1, scan.at - 1)
}

function readQuoted(scan: Scanner, start: number): string {
  const from = ++scan.at
  let depth = 0
  for (; scan.at < scan.text.length; scan.at++) {
    const sign = scan.sign
    if (sign === '\\') scan.at++
    else if (sign === '{') depth++
    else if (sign === '}') depth--
    else if (sign === '"' && depth <= 0) {
      scan.at++
      return scan.text.slice(from, scan.at - 1)
    }
  }
  throw new Unreadable(from - 1, 'this quotation mark is never closed', recordHint(scan.text, start))
}

/** Moves behind the group that opens here, its inner ones included. */
function skipGroup(scan: Scanner, start: number): void {
  const from = scan.at
  const [open, close] = scan.sign === '(' ? ['(', ')'] : ['{', '}']
  let depth = 0
  for (; scan.at < scan.text.length; scan.at++) {
    if (scan.sign === '\\') scan.at++
    else if (scan.sign === open) depth++
    else if (scan.sign === close && --depth === 0) {
      scan.at++
      return
    }
  }
  throw new Unreadable(from, 'this brace is never closed', recordHint(scan.text, start))
}

function recordHint(text: string, start: number): string {
  const head = text.slice(start, start + 40).split('\n')[0] ?? ''
  return `it belongs to ${head.replace(/\p{Cc}/gu, ' ').trim()} …`
}

function nextRecord(text: string, from: number): number {
  const pattern = /^[ \t]*@/gmu
  pattern.lastIndex = from
  const match = pattern.exec(text)
  return match === null ? text.length : match.index + match[0].length - 1
}

function matchAt(text: string, at: number, pattern: RegExp): string | null {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0] ?? null
}

function placesIn(file: string, text: string): (offset: number) => Place {
  const starts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return (offset) => {
    let line = starts.findIndex((start) => start > offset)
    if (line === -1) line = starts.length
    const column = offset - (starts[line - 1] ?? 0) + 1
    return { file, line, column, endLine: line, endColumn: column + 1 }
  }
}
