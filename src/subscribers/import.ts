import { setImmediate } from 'node:timers/promises'
import { OnrecordError } from '../core/errors.ts'
import { findColumns, type Columns, type Field } from './columns.ts'
import { detectDelimiter, readCells, type CsvRow } from './csv-cells.ts'
import { readRecords, type CsvRecord } from './csv-records.ts'
import { readRow, type RowRules } from './import-row.ts'
import type { ImportOutcome, ImportRow } from './merge.ts'
import type { SubscriberImport, SubscriberStore } from './store.ts'

export interface ImportOptions extends RowRules {
  readonly map: ReadonlyMap<Field, string>
  readonly dryRun: boolean
  /** Aborted: what is committed stays, nothing more is read. */
  readonly signal: AbortSignal
  /** Called after each batch with the result so far; its list of refusals grows. */
  readonly onProgress?: (soFar: ImportResult) => void
}

/** A row that was not imported; the reason holds nothing personal but a word that was not understood. */
export interface RefusedRow {
  readonly line: number
  readonly reason: string
}

/** `read` = `added` + `updated` + `unchanged` + the refused. */
export interface ImportResult {
  readonly read: number
  readonly added: number
  readonly updated: number
  readonly unchanged: number
  readonly refused: readonly RefusedRow[]
  readonly interrupted: boolean
}

/** Rows in one transaction: large enough that its sync costs little, small enough to wait for. */
const BATCH = 1_000

/**
 * Reads a CSV file as a stream into the store, a batch a transaction: killed at any moment, it can
 * be run again and ends in the same state. Rows that cannot be read or must not be carried out
 * are refused one by one.
 * @throws OnrecordError `refused` when the file is no CSV with addresses
 */
export async function importSubscribers(
  store: SubscriberStore,
  bytes: AsyncIterable<Uint8Array>,
  options: ImportOptions,
): Promise<ImportResult> {
  const counts = { read: 0, added: 0, updated: 0, unchanged: 0 }
  const refused: RefusedRow[] = []
  const result = (): ImportResult => ({ ...counts, refused, interrupted: options.signal.aborted })
  let delimiter = ','
  let columns: Columns | null = null
  const importing = store.startImport({ dryRun: options.dryRun })
  try {
    const records = readRecords(bytes, (line) => (delimiter = detectDelimiter(line)))
    for await (const batch of inBatches(records)) {
      if (options.signal.aborted) break
      let rows = readCells(batch, delimiter)
      if (columns === null) {
        columns = readHeader(rows[0], options)
        if (!columns.headless) rows = rows.slice(1)
      }
      await take(rows, columns)
      options.onProgress?.(result())
      // The store is synchronous: let a signal be heard.
      await setImmediate()
    }
  } finally {
    await importing.close()
  }
  if (columns === null && !options.signal.aborted)
    throw new OnrecordError('refused', 'The file is empty.', { hint: 'its first line must name the columns' })
  return result()

  async function take(rows: readonly CsvRow[], found: Columns): Promise<void> {
    const checked = rows
      .filter((row) => !('cells' in row) || row.cells.some((cell) => cell.trim() !== ''))
      .map((row) => ({
        line: row.line,
        lastLine: 'cells' in row ? row.lastLine : row.line,
        row: 'problem' in row ? row.problem : readRow(row.line, row.cells, found, options),
      }))
    const outcomes = await write(
      importing,
      checked.flatMap(({ row }) => (typeof row === 'string' ? [] : [row])),
    )
    for (const { line, lastLine, row } of checked) {
      counts.read += 1
      const outcome = typeof row === 'string' ? refusal(row) : (outcomes.next().value ?? refusal('Not read.'))
      // A quotation mark too many can swallow rows: say which lines are concerned.
      const lines = lastLine > line ? ` (lines ${line} to ${lastLine})` : ''
      if (outcome.kind === 'refused') refused.push({ line, reason: outcome.reason + lines })
      else counts[outcome.kind] += 1
    }
  }
}

async function write(
  importing: SubscriberImport,
  rows: readonly ImportRow[],
): Promise<IterableIterator<ImportOutcome, undefined>> {
  return (rows.length === 0 ? [] : await importing.write(rows)).values()
}

function refusal(reason: string): ImportOutcome {
  return { kind: 'refused', reason }
}

function readHeader(row: CsvRow | undefined, options: ImportOptions): Columns {
  if (row !== undefined && 'cells' in row) return findColumns(row.cells, options.map)
  throw new OnrecordError('refused', 'The first line of the file cannot be read.', {
    hint: 'it must name the columns, such as address,name,tier',
  })
}

async function* inBatches(records: AsyncIterable<CsvRecord>): AsyncGenerator<readonly CsvRecord[]> {
  let batch: CsvRecord[] = []
  for await (const record of records) {
    batch.push(record)
    if (batch.length < BATCH) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}
