import { OnrecordError } from '../core/errors.ts'

/** One record of a CSV file, still as text, or why it cannot be one. Lines count from 1. */
export type CsvRecord =
  | { readonly line: number; readonly lastLine: number; readonly text: string }
  | { readonly line: number; readonly problem: string }

/** How a file without a byte order mark may be written (WHATWG Encoding). */
export const encodings = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const

export type Encoding = (typeof encodings)[number]

/** Far above any person's row; what is longer is no row, and is never held in memory. */
const MAX_RECORD = 64 * 1024
/** A quoted cell may hold line breaks, but a quotation mark that nobody closed must not eat the file. */
const MAX_LINES = 20

interface Line {
  readonly number: number
  readonly text: string
  /** How it ended: kept, since a quoted cell may hold it. */
  readonly end: string
  readonly tooLong: boolean
}

/**
 * Cuts a file into records as it arrives; blank ones are left out. Holds one record at a time.
 * A quotation mark that is never closed costs its own line only.
 * @param delimiterOf told the first line that is not blank, says what separates the cells
 * @param encoding of a file whose first bytes do not tell (a byte order mark does); `utf-8` unless told
 * @throws OnrecordError `refused` when it is no text file
 */
export async function* readRecords(
  bytes: AsyncIterable<Uint8Array>,
  delimiterOf: (firstLine: string) => string,
  encoding: Encoding = 'utf-8',
): AsyncGenerator<CsvRecord> {
  let delimiter: string | null = null
  let held: Line[] = []
  let state: CellState = 'start'

  for await (const line of readLines(bytes, encoding)) {
    if (delimiter === null) {
      if (line.text.trim() === '') continue
      delimiter = delimiterOf(line.text)
    }
    yield* take(line, delimiter)
  }
  while (held.length > 0) yield* giveUp(delimiter ?? ',')

  function* take(line: Line, separator: string): Generator<CsvRecord> {
    if (line.tooLong) {
      while (held.length > 0) yield* giveUp(separator)
      yield { line: line.number, problem: `The row is longer than ${MAX_RECORD / 1024} KB.` }
      return
    }
    if (held.length === 0) {
      if (line.text.trim() === '') return
      if (!line.text.includes('"')) {
        yield { line: line.number, lastLine: line.number, text: line.text }
        return
      }
      state = 'start'
    }
    state = scan(state, line.text, separator)
    held.push(line)
    const first = held[0] ?? line
    if (state === 'malformed' && held.length > 1) yield* giveUp(separator)
    else if (state !== 'quoted') {
      const last = held.length - 1
      const text = held.map((each, index) => each.text + (index < last ? each.end : '')).join('')
      held = []
      yield { line: first.number, lastLine: line.number, text }
    } else if (held.length >= MAX_LINES || held.reduce((sum, each) => sum + each.text.length, 0) > MAX_RECORD)
      yield* giveUp(separator)
  }

  /** Refuses the first of the held lines and reads the others anew. */
  function* giveUp(separator: string): Generator<CsvRecord> {
    const [first, ...others] = held
    held = []
    if (first !== undefined)
      yield { line: first.number, problem: 'A quotation mark is opened and not closed.' }
    for (const line of others) yield* take(line, separator)
  }
}

type CellState = 'start' | 'plain' | 'quoted' | 'closing' | 'malformed'

/** Follows the quotation marks of one line; `quoted` at its end means that the record goes on. */
function scan(from: CellState, text: string, delimiter: string): CellState {
  let state: CellState = from
  for (const character of text) {
    switch (state) {
      case 'quoted':
        if (character === '"') state = 'closing'
        break
      case 'closing':
        state = character === '"' ? 'quoted' : character === delimiter ? 'start' : 'malformed'
        break
      case 'start':
        state = character === '"' ? 'quoted' : character === delimiter ? 'start' : 'plain'
        break
      case 'plain':
        if (character === delimiter) state = 'start'
        break
      case 'malformed':
        return state
    }
  }
  return state
}

async function* readLines(bytes: AsyncIterable<Uint8Array>, encoding: Encoding): AsyncGenerator<Line> {
  let decoder = new TextDecoder(encoding)
  let number = 1
  let rest = ''
  let skipping = false
  let end: '\n' | '\r' | null = null
  let first = true

  for await (const chunk of bytes) {
    if (first && chunk.length > 0) {
      decoder = new TextDecoder(encodingOf(chunk, encoding))
      first = false
    }
    rest += decoder.decode(chunk, { stream: true })
    end ??= lineEndOf(rest, rest.length > MAX_RECORD)
    if (end !== null) yield* cut(end)
  }
  rest += decoder.decode()
  yield* cut(end ?? lineEndOf(rest, true) ?? '\n')
  if (rest !== '' || skipping) yield { number, text: rest.replace(/\r$/, ''), end: '', tooLong: skipping }

  function* cut(lineEnd: '\n' | '\r'): Generator<Line> {
    let from = 0
    for (let at = rest.indexOf(lineEnd); at !== -1; at = rest.indexOf(lineEnd, from)) {
      const windows = lineEnd === '\n' && at > from && rest[at - 1] === '\r'
      const text = rest.slice(from, windows ? at - 1 : at)
      const tooLong = skipping || text.length > MAX_RECORD
      yield { number, text: tooLong ? '' : text, end: windows ? '\r\n' : lineEnd, tooLong }
      skipping = false
      number += 1
      from = at + 1
    }
    rest = rest.slice(from)
    if (rest.length > MAX_RECORD) {
      skipping = true
      rest = ''
    }
  }
}

/** A lone CR ends lines only in a file (of an old Mac) that has no LF; null: too early to say. */
function lineEndOf(text: string, decide: boolean): '\n' | '\r' | null {
  if (text.includes('\n')) return '\n'
  if (!decide) return null
  return text.includes('\r') ? '\r' : '\n'
}

/** A byte order mark outranks what was said. */
function encodingOf(head: Uint8Array, said: Encoding): Encoding {
  const [a, b, c, d] = head
  if (a === 0x50 && b === 0x4b && c === 3 && d === 4)
    throw notText(
      'is a zip file or a spreadsheet, not CSV',
      'unpack a zip and import the CSV files in it one by one; save a spreadsheet as “CSV UTF-8”',
    )
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8'
  if (a === 0xff && b === 0xfe) return 'utf-16le'
  if (a === 0xfe && b === 0xff) return 'utf-16be'
  if (said.startsWith('utf-16')) return said
  // A single NUL is a broken row; many are another kind of file.
  const start = head.subarray(0, 1_024)
  if (start.filter((byte) => byte === 0).length * 10 > start.length)
    throw notText(
      'is not a text file, or is UTF-16 without a mark that says so',
      'save it as “CSV UTF-8”, or try --encoding utf-16le',
    )
  return said
}

function notText(what: string, hint: string): OnrecordError {
  return new OnrecordError('refused', `The file ${what}.`, { hint })
}
