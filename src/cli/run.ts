import { version } from '../core/version.ts'
import { createInterface } from 'node:readline/promises'
import type { App } from '../app.ts'
import type { Config } from '../config.ts'
import { OnrecordError, type ErrorCode } from '../core/errors.ts'
import { exit, type Context, type ExitCode, type GlobalOptions } from './context.ts'
import { onSignal } from './interruption.ts'
import { asFileTrouble } from './file-trouble.ts'
import { storeTrouble } from '../store/trouble.ts'
import { createProgram } from './program.ts'
import { keepHeapSmall } from './small-heap.ts'
import { awayLine } from './store-away.ts'
import type { StoreAway } from '../store/postgres/away.ts'

/** Commands that send: their memory is to stay small on however long a list. */
const senders: ReadonlySet<string> = new Set(['send', 'worker'])

/** Runs one command line and gives its exit status. */
export async function runCommandLine(argv: readonly string[]): Promise<ExitCode> {
  let code: ExitCode = exit.done
  const program = createProgram(version, async (start, options) => {
    code = await withContext(options, start)
  })
  program.hook('preAction', (_, command) => {
    if (senders.has(command.name())) keepHeapSmall()
  })
  program.exitOverride()
  for (const command of allCommands(program)) command.exitOverride()
  try {
    await program.parseAsync(argv as string[])
  } catch (error) {
    return isCommanderError(error) ? (error.exitCode === 0 ? exit.done : exit.usage) : report(error, false)
  }
  return code
}

function* allCommands(
  program: ReturnType<typeof createProgram>,
): Generator<ReturnType<typeof createProgram>> {
  for (const command of program.commands) {
    yield command
    yield* allCommands(command)
  }
}

async function withContext(
  options: GlobalOptions,
  start: (context: Context) => Promise<ExitCode>,
): Promise<ExitCode> {
  const interruption = new AbortController()
  const interrupt = onSignal(interruption, () => process.exit(exit.interrupted))
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', interrupt)
  process.stdout.on('error', onOutputError)
  let config: Config | null = null
  let app: Promise<App> | null = null
  const open: App[] = []
  const terminal = process.stderr.isTTY === true
  let drawn = 0
  /** Back to the first line of what was drawn, and all of it away. */
  const erasure = (): string => {
    if (drawn === 0) return ''
    const up = drawn > 1 ? `\x1b[${drawn - 1}A` : ''
    drawn = 0
    return `\r${up}\x1b[J`
  }
  const clear = (): void => {
    const erase = erasure()
    if (erase !== '') process.stderr.write(erase)
  }
  const storeFile = (): string | undefined =>
    config?.database.kind === 'sqlite' ? config.database.file : config?.database.label
  const { loadConfig } = await import('../config.ts')
  const context: Context = {
    options,
    cwd: process.cwd(),
    terminal,
    interrupted: interruption.signal,
    print(text) {
      clear()
      if (!process.stdout.destroyed) process.stdout.write(`${text}\n`)
    },
    note(text) {
      clear()
      if (!options.quiet) process.stderr.write(`${text}\n`)
    },
    drawProgress(text) {
      if (options.quiet || !terminal) return
      // In one piece, or a block flickers.
      const drawing = erasure() + text
      if (drawing !== '') process.stderr.write(drawing)
      drawn = text === '' ? 0 : text.split('\n').length
    },
    async confirm(question) {
      if (process.stdin.isTTY !== true) return false
      const lines = createInterface({ input: process.stdin, output: process.stderr })
      try {
        return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `)).trim())
      } finally {
        lines.close()
      }
    },
    config() {
      config ??= loadConfig({ dir: options.dir })
      return config
    },
    app(waits) {
      app ??= import('../app.ts').then(async ({ openApp }) => {
        const onAway = (away: StoreAway): void => context.note(awayLine(away))
        const opened = await openApp(context.config(), {
          ...{ onAway, interrupted: interruption.signal },
          ...waits,
        })
        open.push(opened)
        return opened
      })
      return app
    },
  }
  try {
    return await start(context)
  } catch (error) {
    clear()
    return report(error, options.verbose, storeFile())
  } finally {
    process.off('SIGINT', interrupt)
    process.off('SIGTERM', interrupt)
    for (const each of open) await each.close()
  }
}

const exitOf = {
  usage: exit.usage,
  config: exit.usage,
  refused: exit.refused,
  'not-found': exit.refused,
  io: exit.refused,
  interrupted: exit.interrupted,
} as const satisfies Record<ErrorCode, ExitCode>

/** Errors meant for people are one message and the next step; anything else is ours to mend. */
function report(thrown: unknown, verbose: boolean, store = 'of this publication'): ExitCode {
  const error = asFileTrouble(thrown) ?? storeTrouble(thrown, store) ?? thrown
  if (error instanceof OnrecordError) {
    process.stderr.write(`${error.message}\n`)
    if (error.hint !== null) process.stderr.write(`  → ${error.hint}\n`)
    if (verbose && error.cause !== undefined) process.stderr.write(`  cause: ${String(error.cause)}\n`)
    return exitOf[error.code]
  }
  const message = error instanceof Error ? error.message : String(error)
  process.stderr.write(`onrecord met a fault of its own: ${message}\n`)
  process.stderr.write('  → run it again with --verbose and report what it prints\n')
  if (verbose && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`)
  return exit.refused
}

/** Whoever read our output has enough of it (`| head`): nothing went wrong, and a send goes on. */
function onOutputError(error: Error): void {
  if ('code' in error && error.code === 'EPIPE') return
  process.stderr.write(`What this command prints cannot be written: ${error.message}.\n`)
  process.exit(exit.refused)
}

function isCommanderError(error: unknown): error is { exitCode: number; code: string } {
  return (
    error instanceof Error &&
    'exitCode' in error &&
    'code' in error &&
    String(error.code).startsWith('commander.')
  )
}
