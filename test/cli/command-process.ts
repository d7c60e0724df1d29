// Runs one command after another, as `main.ts` runs one; `run-command.ts` starts it and says which.
import { setTimeout as sleep } from 'node:timers/promises'
import { runCommandLine } from '../../src/cli/run.ts'

/** One command line, and what its process would have. */
export interface CommandJob {
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
}

/** What became of it. */
export interface CommandEnd {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Whatever would keep a process alive after its last line, by its kind. */
const open = (): string => process.getActiveResourcesInfo().toSorted().join()

process.on('disconnect', () => process.exit())
process.on('message', (job: CommandJob) => void run(job).then((end) => process.send?.(end)))
// Each command listens to it once. A stream that is a pipe is open once it was named.
for (const stream of [process.stdout, process.stderr]) stream.setMaxListeners(0)
const before = open()

async function run({ args, cwd, env }: CommandJob): Promise<CommandEnd> {
  process.chdir(cwd)
  for (const name of Object.keys(process.env)) delete process.env[name]
  Object.assign(process.env, env)
  const [stdout, stderr] = [taken(process.stdout), taken(process.stderr)]
  const code = await runCommandLine([process.execPath, 'onrecord', ...args])
  // A process ends when nothing is left to wait for: what a command forgets to close fails its test here as well.
  while (open() !== before) await sleep(1)
  return { code, stdout: stdout(), stderr: stderr() }
}

/** Keeps what is written from now on, and gives it. */
function taken(stream: NodeJS.WriteStream): () => string {
  const chunks: Buffer[] = []
  const write = (
    chunk: string | Uint8Array,
    encoding?: BufferEncoding | ((error?: Error) => void),
    done?: (error?: Error) => void,
  ): boolean => {
    chunks.push(
      typeof chunk === 'string'
        ? Buffer.from(chunk, typeof encoding === 'string' ? encoding : 'utf8')
        : Buffer.from(chunk),
    )
    const then = typeof encoding === 'function' ? encoding : done
    if (then !== undefined) queueMicrotask(() => then())
    return true
  }
  stream.write = write
  return () => Buffer.concat(chunks).toString()
}
