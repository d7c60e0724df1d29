import { setImmediate } from 'node:timers/promises'
import { OnrecordError } from '../core/errors.ts'
import { findColumns, type Columns, type FileWords } from './columns.ts'
import { detectDelimiter, readCells, type CsvRow } from './csv-cells.ts'
import { readRecords, type CsvRecord, type Encoding } from './csv-records.ts'
import { SAMPLED_ROWS } from './import-look.ts'
import { readRow, type RowRules } from './import-row.ts'
import type { ImportOutcome, ImportRow, Refusal, RefusalReason } from './merge.ts'
import type { SubscriberImport, SubscriberStore } from './store.ts'

export interface ImportOptions extends RowRules {
  readonly map: FileWords['map']
  /** `auto` unless told. */
  readonly from?: FileWords['from']
  /** The file's own name, without its folder. */
  readonly fileName?: string
  /** Of a file without a byte order mark; `utf-8` unless told. */
  readonly encoding?: Encoding
  readonly dryRun: boolean
  /** Aborted: what is committed stays, nothing more is read. */
  readonly signal: AbortSignal
  /** Called once, before the first row is written. */
  readonly onColumns?: (columns: Columns) => void
  /** Called for each row that is refused, in order. */
  readonly onRefused?: (row: RefusedRow) => void
  /** Called after each batch with the result so far. */
  readonly onProgress?: (soFar: ImportResult) => void
}

/** A row that was not imported. */
export interface RefusedRow extends Pick<Refusal, 'why' | 'reason'> {
  readonly line: number
}

/** `read` = `added` + `updated` + `unchanged` + all that were refused. */
export interface ImportResult {
  readonly read: number
  readonly added: number
  readonly updated: number
  readonly unchanged: number
  /** The first of them; `onRefused` is told all. */
  readonly refused: readonly RefusedRow[]
  /** How many were refused, by reason. */
  readonly refusals: Readonly<Partial<Record<RefusalReason, number>>>
  /** Of the rows that were taken: opt-outs that are kept. */
  readonly optOuts: { readonly left: number; readonly suppressed: number }
  /** Of the rows that were taken and are no opt-outs: those that are members. */
  readonly members: number
  /** The first rows that were taken. */
  readonly sample: readonly ImportRow[]
  readonly interrupted: boolean
}

/** Rows in one transaction: large enough that its sync costs little, small enough to wait for. */
const BATCH = 2_000

/** So many refused rows are held in memory, however many there are. */
const HELD = 1_000
const SAMPLE = 5

/**
 * Reads a CSV file as a stream into the store, a batch a transaction: killed at any moment, it can
 * be run again and ends in the same state. Rows that cannot be read or must not be carried out
 * are refused one by one. Its memory does not depend on the file's length.
 * @throws OnrecordError `refused` when the file is no CSV with addresses
 */
export async function importSubscribers(
  store: SubscriberStore,
  bytes: AsyncIterable<Uint8Array>,
  options: ImportOptions,
): Promise<ImportResult> {
  const counts = { read: 0, added: 0, updated: 0, unchanged: 0, members: 0 }
  const optOuts = { left: 0, suppressed: 0 }
  const refused: RefusedRow[] = []
  const refusals: Partial<Record<RefusalReason, number>> = {}
  const sample: ImportRow[] = []
  const result = (): ImportResult => ({
    ...counts,
    refused,
    refusals,
    optOuts,
    sample,
    interrupted: options.signal.aborted,
  })
  let delimiter = ','
  let columns: Columns | null = null
  const importing = store.startImport({ dryRun: options.dryRun })
  try {
    const records = readRecords(bytes, (line) => (delimiter = detectDelimiter(line)), options.encoding)
    for await (const batch of inBatches(records)) {
      if (options.signal.aborted) break
      let rows = readCells(batch, delimiter)
      if (columns === null) {
        columns = readHeader(rows, options)
        options.onColumns?.(columns)
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
        row: 'problem' in row ? refusal(row.problem) : readRow(row.line, row.cells, found, options),
      }))
    const outcomes = await write(
      importing,
      checked.flatMap(({ row }) => ('kind' in row ? [] : [row])),
    )
    for (const { line, lastLine, row } of checked) {
      counts.read += 1
      const outcome = 'kind' in row ? row : (outcomes.next().value ?? refusal('Not read.'))
      if (outcome.kind === 'refused') {
        // A quotation mark too many can swallow rows: say which lines are concerned.
        const lines = lastLine > line ? ` (lines ${line} to ${lastLine})` : ''
        const told = { line, why: outcome.why, reason: outcome.reason + lines }
        refusals[outcome.why] = (refusals[outcome.why] ?? 0) + 1
        if (refused.length < HELD) refused.push(told)
        options.onRefused?.(told)
        continue
      }
      counts[outcome.kind] += 1
      if ('kind' in row) continue
      if (row.state === 'left' || row.state === 'suppressed') optOuts[row.state] += 1
      else if (row.tier === 'member') counts.members += 1
      if (sample.length < SAMPLE) sample.push(row)
    }
  }
}

async function write(
  importing: SubscriberImport,
  rows: readonly ImportRow[],
): Promise<IterableIterator<ImportOutcome, undefined>> {
  return (rows.length === 0 ? [] : await importing.write(rows)).values()
}

function refusal(reason: string): Refusal {
  return { kind: 'refused', why: 'row', reason }
}

function readHeader([row, ...rows]: readonly CsvRow[], options: ImportOptions): Columns {
  if (row !== undefined && 'cells' in row) {
    const { map, from = 'auto', fileName = '' } = options
    const first = rows.slice(0, SAMPLED_ROWS).flatMap((each) => ('cells' in each ? [each.cells] : []))
    return findColumns(row.cells, { map, from, name: fileName }, first)
  }
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
