import { Worker } from 'node:worker_threads'
import { OnrecordError } from '../core/errors.ts'
import type { Tier } from '../core/tier.ts'
import type { Recipient } from '../email/edition.ts'
import type { Fix, Mended, NotMended } from './contract/fix.ts'
import type {
  Builder,
  EditionInspection,
  FirstSight,
  Preview,
  PreviewEdition,
  PreviewMessage,
  Shelf,
  ShownFinding,
} from './preview.ts'

/** What the thread is asked. */
export type Question = { readonly id: number } & Asked

type Asked =
  | { readonly ask: 'shelf' }
  | {
      readonly ask: 'build'
      readonly issue: string
      readonly first: Tier | undefined
      readonly urgent: boolean
    }
  | {
      readonly ask: 'message'
      readonly issue: string
      readonly tier: Tier
      readonly recipient: Recipient
      readonly look: string | undefined
    }
  | { readonly ask: 'look'; readonly issue: string; readonly tier: Tier; readonly look: string }
  | { readonly ask: 'fixes'; readonly issue: string; readonly findings: readonly ShownFinding[] }
  | {
      readonly ask: 'mend'
      readonly issue: string
      readonly finding: ShownFinding
      readonly fix: string
      readonly answer: string
    }
  | { readonly ask: 'inspect'; readonly issue: string; readonly tier: Tier }
  | { readonly ask: 'forget'; readonly issue: string }

type Value =
  | Shelf
  | Preview
  | PreviewEdition
  | PreviewMessage
  | EditionInspection
  | readonly (readonly Fix[])[]
  | Mended
  | NotMended
  | null

/** What it answers; `began` and `first` come before the value, `fault` is a sentence, never a stack. */
export type Answer =
  | { readonly id: number; readonly began: true }
  | { readonly id: number; readonly first: FirstSight }
  | { readonly id: number; readonly value: Value }
  | { readonly id: number; readonly fault: string }

export interface ThreadData {
  readonly root: string
  readonly baseUrl: string
  readonly snapshotsDir: string | null
}

interface Waiting {
  readonly question: Question
  /** Since when the thread is at it, as a number that goes up; null: it has not begun. */
  began: number | null
  /** It was asked once more, since a thread died that nobody knows the cause of. */
  again: boolean
  onFirst?: ((sight: FirstSight) => void) | undefined
  resolve(value: Value): void
  reject(error: Error): void
}

/**
 * A builder in a thread of its own: rendering blocks the event loop, and the studio goes on answering meanwhile. A thread
 * that dies is replaced, and only what it was at fails: all else is asked of the next one.
 */
export function startBuilder(data: ThreadData): Builder {
  let worker: Worker | null = null
  let closed = false
  let nextId = 1
  let beginnings = 0
  const waiting = new Map<number, Waiting>()

  const started = (): Worker => {
    if (worker !== null) return worker
    const file = import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js'
    const thread = new Worker(new URL(file, import.meta.url), { workerData: data })
    thread.on('message', (answer: Answer) => {
      const asked = waiting.get(answer.id)
      if ('began' in answer) {
        if (asked !== undefined) asked.began = ++beginnings
        return
      }
      if ('first' in answer) return asked?.onFirst?.(answer.first)
      waiting.delete(answer.id)
      if ('value' in answer) asked?.resolve(answer.value)
      else asked?.reject(new OnrecordError('io', answer.fault))
    })
    let cause: unknown = null
    thread.on('error', (error) => {
      cause = error
    })
    // Follows an error, when all that the thread had said before has been heard.
    thread.on('exit', () => {
      worker = null
      lost(cause)
    })
    worker = thread
    return thread
  }

  const lost = (cause: unknown): void => {
    const left = [...waiting.values()]
    // One is answered between two steps of another: the last to begin is what it was at.
    const at = Math.max(0, ...left.map(({ began }) => began ?? 0))
    for (const each of left) {
      const isCause = at === 0 ? each.again : each.began === at
      if (closed || isCause) {
        waiting.delete(each.question.id)
        each.reject(new OnrecordError('io', 'The preview could not be built: its thread ended.', { cause }))
        continue
      }
      each.again ||= at === 0
      each.began = null
      started().postMessage(each.question)
    }
  }

  // What comes back is of the kind that was asked for: both ends of the port are this program.
  const ask = <T extends Value>(asked: Asked, onFirst?: Waiting['onFirst']): Promise<T> =>
    new Promise((resolve, reject) => {
      const question: Question = { ...asked, id: nextId++ }
      const known = { question, began: null, again: false, onFirst }
      waiting.set(question.id, { ...known, resolve: (value) => resolve(value as T), reject })
      started().postMessage(question)
    })

  return {
    shelf: () => ask<Shelf>({ ask: 'shelf' }),
    build: (issue, { first, urgent = false, onFirst } = {}) =>
      ask<Preview | null>({ ask: 'build', issue, first, urgent }, onFirst),
    message: (issue, tier, recipient, look) =>
      ask<PreviewMessage | null>({ ask: 'message', issue, tier, recipient, look }),
    look: (issue, tier, look) => ask<PreviewEdition | null>({ ask: 'look', issue, tier, look }),
    fixes: (issue, findings) => ask<readonly (readonly Fix[])[]>({ ask: 'fixes', issue, findings }),
    mend: (issue, finding, fix, answer) =>
      ask<Mended | NotMended>({ ask: 'mend', issue, finding, fix, answer }),
    inspect: (issue, tier) => ask<EditionInspection | null>({ ask: 'inspect', issue, tier }),
    forget: (issue) => ask<null>({ ask: 'forget', issue }),
    async close() {
      closed = true
      await worker?.terminate()
    },
  }
}
