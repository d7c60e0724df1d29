import { fork, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import type { CommandEnd, CommandJob } from './command-process.ts'

let kept: ChildProcess | null = null
let last: Promise<unknown> = Promise.resolve()

/**
 * Runs a command that ends by itself, in a process beside that has run others before: starting one for each takes
 * most of the time that it takes. Whatever is signalled, killed or watched while it runs needs a process of its own.
 * One at a time; resolves once nothing of it would keep a process alive.
 */
export function runCommand(
  args: readonly string[],
  { cwd, env = {} }: { readonly cwd: string; readonly env?: Readonly<Record<string, string | undefined>> },
): Promise<CommandEnd> {
  const job = { args, cwd, env: { PATH: process.env['PATH'], ...env } } as CommandJob
  const end = last.then(() => ask(job))
  last = end.catch(() => null)
  return end
}

function ask(job: CommandJob): Promise<CommandEnd> {
  const child = (kept ??= start())
  return new Promise((resolve, reject) => {
    const onEnd = (end: CommandEnd): void => {
      child.off('exit', onExit)
      resolve(end)
    }
    const onExit = (code: number | null): void => {
      child.off('message', onEnd)
      kept = null
      reject(new Error(`“${job.args.join(' ')}” ended its process with ${code}`))
    }
    child.once('message', onEnd)
    child.once('exit', onExit)
    child.send(job)
  })
}

/** It ends with this process, which it does not keep alive. */
function start(): ChildProcess {
  const child = fork(join(import.meta.dirname, 'command-process.ts'), [], {
    execArgv: [],
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  child.unref()
  child.channel?.unref()
  return child
}
