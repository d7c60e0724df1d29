import { closeSync, createReadStream, openSync, writeSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { OnrecordError, messageOf } from '../core/errors.ts'
import { parseMap, type Columns } from '../subscribers/columns.ts'
import { writeCell } from '../subscribers/csv-cell.ts'
import { importSubscribers, type RefusedRow } from '../subscribers/import.ts'
import type { SubscriberTier } from '../subscribers/subscriber.ts'
import { exit, type Context, type ExitCode } from './context.ts'
import { asFileTrouble } from './file-trouble.ts'
import { drawImport } from './import-progress.ts'
import { jsonOf, printable, printResult } from './import-report.ts'
import type { SubscribersOptions } from './subscribers-program.ts'

/** `subscribers import`: exit 0 when rows were taken, 1 when none could be, 130 when stopped. */
export async function importFile(
  context: Context,
  options: SubscribersOptions,
  newsletter: string,
  tier: SubscriberTier | null,
): Promise<ExitCode> {
  const name = options.target ?? ''
  const file = resolve(context.cwd, name)
  const size = await sizeOf(file, name)
  const map = parseMap(await pairsOf(context, options.map))
  const { subscribers } = await context.app()
  const progress = drawImport(context, printable(basename(file)), size)
  const refused = options.refused === null ? null : refusedFile(context, options.refused)
  let columns: Columns | null = null
  try {
    const result = await importSubscribers(subscribers, readBytes(file, name, progress.read), {
      newsletters: Object.keys(context.config().publication.newsletters),
      newsletter,
      newsletterColumn: options.newsletter === null,
      tier,
      source: `import:${printable(basename(file))}`,
      now: Date.now(),
      map,
      from: options.from,
      fileName: basename(file),
      encoding: options.encoding,
      dryRun: options.dryRun,
      signal: context.interrupted,
      onColumns: (found) => (columns = found),
      onRefused: (row) => refused?.add(row),
      onProgress: progress.draw,
    })
    context.drawProgress('')
    const about = { file: basename(file), newsletter, dryRun: options.dryRun, columns }
    if (context.options.json) context.print(JSON.stringify(jsonOf(result, about), null, 2))
    else printResult(context, result, about)
    if (result.interrupted) {
      context.note('Stopped. What was read is kept; the same command goes on with the rest.')
      return exit.interrupted
    }
    const none = Object.values(result.refusals).reduce((sum, count) => sum + count, 0) === result.read
    return result.read > 0 && none ? exit.refused : exit.done
  } finally {
    context.drawProgress('')
    refused?.close()
  }
}

/** `--map @file`: a pair a line; blank lines and those that begin with # are left out. */
async function pairsOf(context: Context, given: readonly string[]): Promise<readonly string[]> {
  const pairs = given.map(async (pair) => {
    if (!pair.startsWith('@')) return [pair]
    const name = pair.slice(1)
    try {
      const lines = (await readFile(resolve(context.cwd, name), 'utf8')).split(/\r?\n/)
      return lines.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'))
    } catch (error) {
      throw asFileTrouble(error, name) ?? error
    }
  })
  return (await Promise.all(pairs)).flat()
}

/** `--refused`: every refused row as `line,reason`; holds no address. */
function refusedFile(context: Context, name: string): { add(row: RefusedRow): void; close(): void } {
  let held = 'line,reason\n'
  const flush = (): void => {
    writeSync(file, held)
    held = ''
  }
  const file = inPlace(name, () => openSync(resolve(context.cwd, name), 'w', 0o600))
  return {
    add({ line, reason }) {
      held += `${line},${writeCell(reason)}\n`
      if (held.length > 64 * 1024) inPlace(name, flush)
    },
    close() {
      inPlace(name, flush)
      closeSync(file)
    },
  }
}

function inPlace<T>(name: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw asFileTrouble(error, name) ?? error
  }
}

async function* readBytes(
  file: string,
  name: string,
  onRead: (length: number) => void,
): AsyncGenerator<Uint8Array> {
  const stream = createReadStream(file)
  // Only what reading throws is caught: what happens to a chunk is not the file's fault.
  const chunks: AsyncIterator<Buffer> = stream[Symbol.asyncIterator]()
  try {
    for (;;) {
      const next = await chunks.next().catch((cause: unknown) => {
        throw new OnrecordError('io', `${name} cannot be read: ${messageOf(cause)}.`, { cause })
      })
      if (next.done === true) return
      onRead(next.value.length)
      yield next.value
    }
  } finally {
    stream.destroy()
  }
}

async function sizeOf(file: string, name: string): Promise<number> {
  try {
    const stats = await stat(file)
    if (stats.isDirectory())
      throw new OnrecordError('not-found', `${name} is a folder; a CSV file is needed.`, {
        hint: 'name one of the files in it',
      })
    return stats.size
  } catch (error) {
    if (error instanceof OnrecordError) throw error
    throw new OnrecordError('not-found', `There is no file ${name} that can be read.`, {
      cause: error,
      hint: 'the path counts from the folder in which the command runs',
    })
  }
}
