import { Worker } from 'node:worker_threads'
import { OnrecordError, type ErrorCode } from '../core/errors.ts'
import type { Finding } from '../core/finding.ts'
import type { IssuePart } from '../core/issue-part.ts'
import type { IssueMeta } from '../brief/brief.ts'
import type { ReadyIssue } from '../delivery/publish.ts'
import type { IssueSettings } from './ready-issue.ts'

/** An issue as its files are now, whatever its state. */
export interface BuiltIssue {
  /** Null where its files cannot be read as an issue. */
  readonly read: {
    readonly file: string
    readonly written: IssueMeta['status']
    readonly newsletter: string
    /** What an approval of it is bound to. */
    readonly parts: readonly IssuePart[]
  } | null
  /** Null: `blocking` says why. */
  readonly ready: ReadyIssue | null
  readonly blocking: readonly Finding[]
}

/** Reads, checks and builds issues for a send. */
export interface IssueThread {
  /** @throws OnrecordError `not-found` */
  build(issue: string): Promise<BuiltIssue>
  close(): Promise<void>
}

export interface IssueQuestion {
  readonly id: number
  readonly issue: string
}

export type IssueAnswer = { readonly id: number; readonly built: BuiltIssue } | IssueRefusal

interface IssueRefusal {
  readonly id: number
  readonly code: ErrorCode
  readonly message: string
  readonly hint: string | null
}

/**
 * Builds in a thread of its own, from the first question on: a build takes a second of a core, and the studio
 * goes on answering. A thread that dies is replaced at the next question; one that waits keeps no process alive.
 */
export function startIssueThread({ root, dataDir, baseUrl, publication }: IssueSettings): IssueThread {
  const settings: IssueSettings = { root, dataDir, baseUrl, publication }
  const waiting = new Map<number, PromiseWithResolvers<BuiltIssue>>()
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
      if ('built' in answer) asked?.resolve(answer.built)
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

  return {
    build(issue) {
      const asked = Promise.withResolvers<BuiltIssue>()
      const id = next++
      waiting.set(id, asked)
      const thread = started()
      thread.ref()
      thread.postMessage({ id, issue } satisfies IssueQuestion)
      return asked.promise
    },
    async close() {
      await worker?.terminate()
    },
  }
}

function refusalOf({ code, message, hint }: IssueRefusal): OnrecordError {
  return new OnrecordError(code, message, hint === null ? {} : { hint })
}
