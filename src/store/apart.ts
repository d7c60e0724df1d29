import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { OnrecordError, type ErrorCode } from '../core/errors.ts'
import type { Advance, Copied, CopyJob } from './copy-store.ts'
import type { Prepared, PrepareJob } from './prepare-restore.ts'

export type Job = CopyJob | PrepareJob

/** What the process says: how far it is, what came of it, or what was thrown. */
export type Answer =
  | { readonly advance: Advance }
  | { readonly result: Copied | Prepared }
  | { readonly refusal: { readonly code: ErrorCode; readonly message: string; readonly hint: string | null } }
  // Of the file system: with its code and path, by which the command line tells what to do.
  | { readonly fault: { readonly message: string; readonly code?: unknown; readonly path?: unknown } }

/**
 * Does long work on a store in a process of its own: SQLite blocks whoever calls it, and this one can
 * be stopped at any moment, draws progress, and leaves nothing in the memory of ours.
 * @throws OnrecordError `interrupted` when `signal` ended it; what the work itself throws
 */
export function runApart(job: CopyJob, options: ApartOptions): Promise<Copied>
export function runApart(job: PrepareJob, options: ApartOptions): Promise<Prepared>
export function runApart(job: Job, { signal, onAdvance }: ApartOptions): Promise<Copied | Prepared> {
  const file = import.meta.url.endsWith('.ts') ? './apart-process.ts' : './apart-process.js'
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(new URL(file, import.meta.url)), [], {
      execArgv: [],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    const stop = (): void => void child.kill('SIGKILL')
    signal.addEventListener('abort', stop, { once: true })
    let answer: Answer | null = null
    child.on('message', (message: Answer) => {
      if ('advance' in message) onAdvance(message.advance)
      else answer = message
    })
    child.on('error', reject)
    child.on('close', (code, killed) => {
      signal.removeEventListener('abort', stop)
      if (answer !== null && 'result' in answer && !signal.aborted) resolve(answer.result)
      else if (signal.aborted) reject(new OnrecordError('interrupted', 'Stopped.'))
      else if (answer !== null && 'refusal' in answer) {
        const { code: kind, message, hint } = answer.refusal
        reject(new OnrecordError(kind, message, hint === null ? {} : { hint }))
      } else if (answer !== null && 'fault' in answer)
        reject(Object.assign(new Error(answer.fault.message), answer.fault))
      else
        reject(
          new OnrecordError('io', `The work ended before it was done (${killed ?? `exit status ${code}`}).`, {
            hint: 'look for room on the disk and in memory, then run the command again',
          }),
        )
    })
    if (signal.aborted) stop()
    else child.send(job)
  })
}

export interface ApartOptions {
  readonly signal: AbortSignal
  readonly onAdvance: (advance: Advance) => void
}
