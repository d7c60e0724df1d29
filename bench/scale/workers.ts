import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { cpuOf } from '../send/children.ts'

/** What each tells is of so many milliseconds. */
export const BUCKET = 100

export interface WorkerSettings {
  /** Of the publication’s data. */
  readonly folder: string
  /** Where the store is, and the server. */
  readonly environment: Readonly<Record<string, string>>
  readonly connections: number
  /** To nowhere, which answers after so many milliseconds; null: to the server of `environment`. */
  readonly answersAfter: number | null
  /** The pace of all; null: any. */
  readonly perSecond: number | null
}

/** What a worker tells: its name, as slices bear it; or what was taken in one bucket. */
export type Told = { readonly worker: string } | { readonly at: number; readonly taken: number }

/** A worker of the product in a process of its own. */
export interface Worker {
  readonly name: string
  /** When the process was asked for, milliseconds since the epoch. */
  readonly askedAt: number
  /** Messages that were taken, from one time to another; default: all. */
  taken(from?: number, to?: number): number
  /** Seconds of a core. */
  cpu(): number
  /** The most memory it had, MB. */
  peak(): number
  /** Resolves once it has ended. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>
}

const running = new Set<ChildProcess>()

export async function startWorker(settings: WorkerSettings): Promise<Worker> {
  const askedAt = Date.now()
  const child = fork(join(import.meta.dirname, 'worker-process.ts'), [JSON.stringify(settings)])
  running.add(child)
  child.once('exit', () => running.delete(child))
  const buckets = new Map<number, number>()
  let all = 0
  let last = { cpu: 0, peak: 0 }
  const name = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`a worker ended with ${code}`)))
    child.on('message', (told: Told) => {
      if ('worker' in told) resolve(told.worker)
      else {
        buckets.set(told.at, told.taken)
        all += told.taken
      }
    })
  })
  const look = (): typeof last => {
    if (child.exitCode === null && child.signalCode === null)
      last = { cpu: cpuOf(child), peak: peakOf(child) || last.peak }
    return last
  }
  return {
    name,
    askedAt,
    taken(from, to = Number.POSITIVE_INFINITY) {
      if (from === undefined) return all
      return [...buckets].reduce((sum, [at, taken]) => (at >= from && at < to ? sum + taken : sum), 0)
    },
    cpu: () => look().cpu,
    peak: () => look().peak,
    async end(signal) {
      look()
      if (!running.has(child)) return
      const ended = once(child, 'exit')
      child.kill(signal)
      await ended
    },
  }
}

/** At once; for a bench that is broken off. */
export function killWorkers(): void {
  for (const child of running) child.kill('SIGKILL')
}

function peakOf({ pid }: ChildProcess): number {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return Number(kilobytes) / 1_024
  } catch {
    return Number.NaN
  }
}
