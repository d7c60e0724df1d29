import { Worker } from 'node:worker_threads'
import { OnrecordError, type ErrorCode } from '../core/errors.ts'
import type { BuiltIssue, ComparedSide, IssueWork } from './issue-work.ts'
import type { IssueSettings } from './ready-issue.ts'

/** Reads, checks, builds and compares issues for whoever decides about them. */
export interface IssueThread extends IssueWork {
  close(): Promise<void>
}

export type IssueQuestion = { readonly id: number } & Asked

type Asked =
  | { readonly ask: 'read' | 'build'; readonly issue: string }
  | { readonly ask: 'compare'; readonly before: ComparedSide; readonly after: ComparedSide }

type Value = Awaited<ReturnType<IssueWork['read' | 'build' | 'compare']>>

export type IssueAnswer = { readonly id: number; readonly value: Value } | IssueRefusal

interface IssueRefusal {
  readonly id: number
  readonly code: ErrorCode
  readonly message: string
  readonly hint: string | null
}

/**
 * Works in a thread of its own, from the first question on: a build takes a second of a core, and the studio
 * goes on answering. A thread that dies is replaced at the next question; one that waits keeps no process alive.
 */
export function startIssueThread({ root, dataDir, baseUrl, publication }: IssueSettings): IssueThread {
  const settings: IssueSettings = { root, dataDir, baseUrl, publication }
  const waiting = new Map<number, { resolve(value: Value): void; reject(error: Error): void }>()
  let worker: Worker | null = null
  let next = 0

  const started = (): Worker => {
    if (worker !== null) return worker
    const file = import.meta.url.endsWith('.ts') ? './issue-worker.ts' : './issue-worker.js'
    const thread = new Worker(new URL(file, import.meta.url), { workerData: settings })
    thread.on('message', (answer: IssueAnswer) => {
      const asked = waiting.get(answer.id)
      waiting.delete(answer.id)
      if (waiting.size === 0) thread.unref()
      if ('value' in answer) asked?.resolve(answer.value)
      else asked?.reject(refusalOf(answer))
    })
    const lost = (cause: unknown): void => {
      if (worker !== thread) return
      worker = null
      for (const { reject } of waiting.values())
        reject(new OnrecordError('io', 'The issue could not be built: its thread ended.', { cause }))
      waiting.clear()
    }
    thread.on('error', lost)
    thread.on('exit', lost)
    worker = thread
    return thread
  }

  // What comes back is of the kind that was asked for: both ends of the port are this program.
  const ask = <T extends Value>(question: Asked): Promise<T> =>
    new Promise((resolve, reject) => {
      const id = next++
      waiting.set(id, { resolve: (value) => resolve(value as T), reject })
      const thread = started()
      thread.ref()
      thread.postMessage({ ...question, id } satisfies IssueQuestion)
    })

  return {
    read: (issue) => ask({ ask: 'read', issue }),
    build: (issue) => ask<BuiltIssue>({ ask: 'build', issue }),
    compare: (before, after) => ask({ ask: 'compare', before, after }),
    async close() {
      await worker?.terminate()
    },
  }
}

function refusalOf({ code, message, hint }: IssueRefusal): OnrecordError {
  return new OnrecordError(code, message, hint === null ? {} : { hint })
}
