import { spawn, type ChildProcess } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../core/log.ts'
import { exit } from './context.ts'

export interface KeptWorker {
  /** It has ended and is not started again; true: by itself, with nothing left to do. */
  readonly ended: Promise<boolean>
  /** Asks it to end and waits until what is on the wire is finished. */
  close(): Promise<void>
}

export interface KeepOptions {
  /** What Node is started with: the entry and its arguments. */
  readonly command: readonly string[]
  readonly log: Log
  /** Default: this process's environment. */
  readonly environment?: NodeJS.ProcessEnv
  /** It ends by itself once nothing is left to do, and is not started again then. */
  readonly endsItself?: boolean
  /** Wait before it is started again, in milliseconds; `failures` in a row, from 1. */
  readonly restartAfter?: (failures: number) => number
}

/** One that ran so long had no trouble starting, in milliseconds. */
const STEADY_MS = 60_000

const defaultRestart = (failures: number): number => Math.min(60_000, 500 * 2 ** Math.min(failures, 7))

/**
 * Keeps a worker running in a process of its own, so that a send delays no page and its crash takes no
 * page down: one that dies is started again, later each time. It ends with this process, for it
 * notices that its channel is closed.
 */
export function keepWorker(options: KeepOptions): KeptWorker {
  const { command, log, environment: env, endsItself = false, restartAfter = defaultRestart } = options
  const closing = new AbortController()
  let child: ChildProcess | null = null
  const kept = keep()

  async function keep(): Promise<boolean> {
    for (let failures = 0; !closing.signal.aborted;) {
      const began = performance.now()
      child = spawn(process.execPath, command, { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
      const how = await ended(child)
      child = null
      if (closing.signal.aborted) return false
      if (endsItself && (how === exit.done || how === exit.interrupted)) return how === exit.done
      if (how === exit.usage) {
        log('error', 'worker', {
          says: 'it cannot run as things are set, and is not started again',
        })
        return false
      }
      failures = performance.now() - began > STEADY_MS ? 1 : failures + 1
      const wait = restartAfter(failures)
      log('warn', 'worker', { says: 'ended', how, againInSeconds: Math.ceil(wait / 1_000) })
      await sleep(wait, undefined, { signal: closing.signal }).catch(() => undefined)
    }
    return false
  }

  return {
    ended: kept,
    async close() {
      closing.abort()
      // No signal: after a Ctrl-C, which it had too, that would be the second one, on which it leaves at once.
      if (child?.connected) child.disconnect()
      await kept
    },
  }
}

/** The exit status, the signal, or why it could not be started. */
function ended(child: ChildProcess): Promise<number | string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 'no status'))
  })
}
