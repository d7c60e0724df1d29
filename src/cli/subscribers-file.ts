import { createReadStream } from 'node:fs'
import { open, rename, rm, stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { OnrecordError, messageOf } from '../core/errors.ts'
import { parseMap } from '../subscribers/columns.ts'
import { exportSubscribers, exportSubscribersAsJson } from '../subscribers/export.ts'
import { importSubscribers, type ImportResult } from '../subscribers/import.ts'
import type { SubscriberTier } from '../subscribers/subscriber.ts'
import { exit, type Context, type ExitCode } from './context.ts'
import { asFileTrouble } from './file-trouble.ts'
import type { SubscribersOptions } from './subscribers-program.ts'
import { alignRows } from './table.ts'

/** So many refused rows are listed for people; `--json` has them all. */
const LISTED = 20

/** `subscribers import`: exit 0 when rows were taken, 1 when none could be, 130 when stopped. */
export async function importFile(
  context: Context,
  options: SubscribersOptions,
  newsletter: string,
  tier: SubscriberTier | null,
): Promise<ExitCode> {
  const file = resolve(context.cwd, options.target ?? '')
  const size = await sizeOf(file, options.target ?? '')
  const map = parseMap(options.map)
  const { subscribers } = await context.app()
  let done = 0
  const bytes = readBytes(file, options.target ?? '', (length) => (done += length))
  const result = await importSubscribers(subscribers, bytes, {
    newsletters: Object.keys(context.config().publication.newsletters),
    newsletter,
    newsletterColumn: options.newsletter === null,
    tier,
    source: `import:${printable(basename(file))}`,
    map,
    dryRun: options.dryRun,
    signal: context.interrupted,
    onProgress: ({ read }) => {
      const percent = size === 0 ? 100 : Math.min(100, Math.floor((done / size) * 100))
      context.drawProgress(`Reading ${printable(basename(file))}  ${percent} %  ${number(read)} rows`)
    },
  })
  context.drawProgress('')
  if (context.options.json) {
    const { read, added, updated, unchanged, refused } = result
    context.print(JSON.stringify({ read, added, updated, unchanged, refused }, null, 2))
  } else printResult(context, result, basename(file), options.dryRun)
  if (result.interrupted) {
    context.note('Stopped. What was read is kept; the same command goes on with the rest.')
    return exit.interrupted
  }
  return result.read > 0 && result.refused.length === result.read ? exit.refused : exit.done
}

/** `subscribers export`: to stdout, with `--json` as JSON; or as CSV, whole, to a file that only its owner reads. */
export async function exportFile(context: Context, options: SubscribersOptions): Promise<ExitCode> {
  const { subscribers } = await context.app()
  const filter = { newsletter: options.newsletter }
  if (options.target === null) {
    const write = context.options.json ? exportSubscribersAsJson : exportSubscribers
    let line = ''
    for await (const chunk of write(subscribers, filter)) {
      if (context.interrupted.aborted) return exit.interrupted
      // `print` ends the line itself, and a chunk need not end with one.
      const cut = chunk.lastIndexOf('\n')
      if (cut >= 0) context.print(line + chunk.slice(0, cut))
      line = cut >= 0 ? chunk.slice(cut + 1) : line + chunk
    }
    return exit.done
  }
  const file = resolve(context.cwd, options.target)
  const temporary = `${file}.${process.pid}.tmp`
  try {
    const handle = await open(temporary, 'wx', 0o600)
    try {
      for await (const chunk of exportSubscribers(subscribers, filter)) {
        if (context.interrupted.aborted) return exit.interrupted
        await handle.write(chunk)
      }
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(temporary, file)
  } catch (error) {
    // It is not the temporary file that anybody asked for.
    throw asFileTrouble(error, options.target) ?? error
  } finally {
    await rm(temporary, { force: true })
  }
  if (context.options.json) context.print(JSON.stringify({ file: options.target }))
  context.note(`Everybody is in ${options.target}. It holds personal data: keep it as you keep the store.`)
  return exit.done
}

function printResult(context: Context, result: ImportResult, file: string, dryRun: boolean): void {
  const { read, added, updated, unchanged, refused } = result
  context.print(`${printable(file)}: ${number(read)} ${read === 1 ? 'row' : 'rows'} read`)
  const counts = [
    ['added', added],
    ['updated', updated],
    ['unchanged', unchanged],
    ['refused', refused.length],
  ] as const
  const width = Math.max(...counts.map(([, count]) => number(count).length))
  for (const [what, count] of counts) context.print(`  ${number(count).padStart(width)}  ${what}`)
  if (refused.length > 0) {
    context.print('\nRefused:')
    const rows = refused.slice(0, LISTED).map(({ line, reason }) => [`  line ${line}`, reason])
    for (const line of alignRows(rows)) context.print(line)
    if (refused.length > LISTED)
      context.print(`  … and ${number(refused.length - LISTED)} more; --json lists them all`)
  }
  if (dryRun) context.print('\nThis was a trial (--dry-run): nothing was changed.')
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
      throw new OnrecordError('not-found', `${name} is a folder; a CSV file is needed.`)
    return stats.size
  } catch (error) {
    if (error instanceof OnrecordError) throw error
    throw new OnrecordError('not-found', `There is no file ${name} that can be read.`, {
      cause: error,
      hint: 'the path counts from the folder in which the command runs',
    })
  }
}

/** A file's name on a terminal and in the store, without what either could choke on. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ').slice(0, 100)
}

function number(value: number): string {
  return value.toLocaleString('en')
}
