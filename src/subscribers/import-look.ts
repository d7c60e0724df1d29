import { OnrecordError } from '../core/errors.ts'
import { findColumns, type Columns, type FileWords } from './columns.ts'
import { detectDelimiter, readCells } from './csv-cells.ts'
import { readRecords, type CsvRecord, type Encoding } from './csv-records.ts'
import { fields, type Field } from './mapping.ts'

/** What a file is taken for before anything is read of it in earnest. */
export interface FileLook {
  /** Without the line that names the columns. */
  readonly rows: number
  /** “Ghost’s export of members”; null: of no known system. */
  readonly title: string | null
  /** What else to do with a file of that system; null: nothing. */
  readonly advice: string | null
  readonly columns: readonly ColumnLook[]
  /** Why it cannot be imported with this mapping, and what to do; null: it can. */
  readonly problem: { readonly message: string; readonly hint: string | null } | null
  /** How it is written, where it is not as was said: most likely so. */
  readonly encoding: Encoding
}

/** A column of a file. */
export interface ColumnLook {
  readonly name: string
  /** What it is taken for; of a column that stands for two, the first. */
  readonly field: Field | null
  /** What a known system’s column says beside that, in words: “state: false is left”. */
  readonly says: string | null
  /** Its first cells that are not empty. */
  readonly samples: readonly string[]
}

/** So many rows below the headings say what a column holds. */
export const SAMPLED_ROWS = 50
const SAMPLES = 3
const LONGEST_SAMPLE = 80

/** What only reading the whole file tells. */
export interface FileSurvey {
  /** Records that are not blank, with the one that names the columns. */
  readonly records: number
  /** Some letters are none in the encoding that was said. */
  readonly garbled: boolean
}

/** @throws OnrecordError `refused` when it is no text file */
export async function surveyFile(bytes: AsyncIterable<Uint8Array>, encoding: Encoding): Promise<FileSurvey> {
  let records = 0
  let garbled = false
  for await (const record of readRecords(bytes, detectDelimiter, encoding)) {
    records += 1
    garbled ||= 'text' in record && record.text.includes('\ufffd')
  }
  return { records, garbled }
}

/**
 * Looks at the beginning of a CSV file: its columns, what each is taken for, and its first cells.
 * @throws OnrecordError `refused` when it is no text file, or is empty
 */
export async function lookAtFile(
  bytes: AsyncIterable<Uint8Array>,
  words: FileWords & { readonly encoding: Encoding },
  { records, garbled }: FileSurvey,
): Promise<FileLook> {
  let delimiter = ','
  const first: CsvRecord[] = []
  for await (const record of readRecords(
    bytes,
    (line) => (delimiter = detectDelimiter(line)),
    words.encoding,
  )) {
    first.push(record)
    if (first.length > SAMPLED_ROWS) break
  }
  const [head, ...others] = readCells(first, delimiter)
  if (head === undefined)
    throw new OnrecordError('refused', 'The file is empty.', { hint: 'its first line must name the columns' })
  if (!('cells' in head))
    throw new OnrecordError('refused', 'The first line of the file cannot be read.', {
      hint: 'it must name the columns, such as address,name,tier',
    })
  const below = others.flatMap((row) => ('cells' in row ? [row.cells] : []))
  const found = findOrSay(head.cells, words, below)
  const columns = found instanceof OnrecordError ? null : found
  const headless = columns?.headless === true
  const rows = headless ? [head.cells, ...below] : below
  return {
    rows: headless ? records : records - 1,
    title: columns?.mapping?.title ?? null,
    advice: columns?.mapping?.advice ?? null,
    columns: head.cells.map((name, place) => ({
      name: headless ? '' : name.trim(),
      field: fields.find((field) => columns?.at.get(field)?.includes(place)) ?? null,
      says: sayingOf(name, columns),
      samples: samplesOf(rows, place),
    })),
    problem: found instanceof OnrecordError ? { message: found.message, hint: found.hint } : null,
    encoding: garbled && words.encoding === 'utf-8' ? 'windows-1252' : words.encoding,
  }
}

/** What a person can mend by another mapping is said, not thrown. */
function findOrSay(
  cells: readonly string[],
  words: FileWords,
  rows: readonly (readonly string[])[],
): Columns | OnrecordError {
  try {
    return findColumns(cells, words, rows)
  } catch (error) {
    if (error instanceof OnrecordError) return error
    throw error
  }
}

function sayingOf(name: string, columns: Columns | null): string | null {
  const says = Object.entries(columns?.mapping?.says ?? {})
  return says.find(([column]) => column.toLowerCase() === name.trim().toLowerCase())?.[1] ?? null
}

function samplesOf(rows: readonly (readonly string[])[], place: number): readonly string[] {
  const cells = rows.map((row) => (row[place] ?? '').trim()).filter((cell) => cell !== '')
  return [...new Set(cells)].slice(0, SAMPLES).map((cell) => cell.slice(0, LONGEST_SAMPLE))
}
