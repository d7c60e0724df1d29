import { Worker } from 'node:worker_threads'
import { OnrecordError } from '../core/errors.ts'
import type { Builder, Preview, Shelf } from './preview.ts'

/** What the thread is asked. */
export type Question =
  | { readonly id: number; readonly ask: 'shelf' }
  | { readonly id: number; readonly ask: 'build'; readonly issue: string }

/** What it answers; `fault` is a sentence, never a stack. */
export type Answer =
  | { readonly id: number; readonly value: Shelf | Preview }
  | { readonly id: number; readonly fault: string }

export interface ThreadData {
  readonly root: string
  readonly baseUrl: string
  readonly snapshotsDir: string | null
}

interface Waiting {
  resolve(value: Shelf | Preview): void
  reject(error: Error): void
}

/**
 * A builder in a thread of its own: mjml blocks the event loop for a tenth of a second a tier, and the
 * studio goes on answering meanwhile. A thread that dies is replaced at the next question.
 */
export function startBuilder(data: ThreadData): Builder {
  let worker: Worker | null = null
  let nextId = 1
  const waiting = new Map<number, Waiting>()

  const started = (): Worker => {
    if (worker !== null) return worker
    const file = import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js'
    const thread = new Worker(new URL(file, import.meta.url), { workerData: data })
    thread.on('message', (answer: Answer) => {
      const asked = waiting.get(answer.id)
      waiting.delete(answer.id)
      if ('value' in answer) asked?.resolve(answer.value)
      else asked?.reject(new OnrecordError('io', answer.fault))
    })
    const lost = (cause: unknown): void => {
      if (worker === thread) worker = null
      for (const { reject } of waiting.values()) {
        reject(new OnrecordError('io', 'The preview could not be built: its thread ended.', { cause }))
      }
      waiting.clear()
    }
    thread.on('error', lost)
    thread.on('exit', lost)
    worker = thread
    return thread
  }

  const ask = (question: { ask: 'shelf' } | { ask: 'build'; issue: string }): Promise<Shelf | Preview> =>
    new Promise((resolve, reject) => {
      const id = nextId++
      waiting.set(id, { resolve, reject })
      started().postMessage({ ...question, id } satisfies Question)
    })

  return {
    shelf: async () => (await ask({ ask: 'shelf' })) as Shelf,
    build: async (issue) => (await ask({ ask: 'build', issue })) as Preview,
    async close() {
      await worker?.terminate()
    },
  }
}
