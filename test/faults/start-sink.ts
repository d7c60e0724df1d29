import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

export interface SinkOptions {
  /** Of each fault at its stage, from 0 to 1. */
  readonly faultRate?: number
  /** Milliseconds after which a late reply comes. */
  readonly lateAfter?: number
  /** Milliseconds that an answer to the dot takes at most. */
  readonly thinking?: number
  readonly seed?: number
}

/**
 * What became of a recipient, or of a message whose content was begun: taken, with or without a word of it; refused or
 * deferred by a reply; or nothing was kept of it and nothing said.
 */
export interface Handled {
  readonly messageId: string | null
  readonly to: string
  readonly stage: 'rcpt' | 'data' | 'dot'
  readonly end: 'taken' | 'taken silently' | 'deferred' | 'refused' | 'silent' | 'content without a recipient'
}

/** The sink of `sink-process.ts`. */
export interface SinkProcess {
  readonly port: number
  /** How many messages were taken. */
  count(): Promise<number>
  log(): Promise<readonly Handled[]>
  /** Which faults were met: `mail: drop` and so on. */
  faults(): Promise<readonly string[]>
  /** Message-ID → how many copies the server took. */
  copies(): Promise<ReadonlyMap<string, number>>
  close(): Promise<void>
}

export async function startSinkProcess(options: SinkOptions = {}): Promise<SinkProcess> {
  const child = fork(join(import.meta.dirname, 'sink-process.ts'), [JSON.stringify(options)])
  const [port] = (await once(child, 'message')) as [number]
  let asking: Promise<unknown> = Promise.resolve()
  // One question at a time: answers come in order.
  const ask = <T>(question: 'count' | 'log' | 'faults'): Promise<T> => {
    const answer = asking.then(async () => {
      child.send(question)
      const [said] = (await once(child, 'message')) as [T]
      return said
    })
    asking = answer.catch(() => undefined)
    return answer
  }
  const log = () => ask<readonly Handled[]>('log')
  return {
    port,
    count: () => ask<number>('count'),
    log,
    faults: () => ask<readonly string[]>('faults'),
    async copies() {
      const taken = (await log()).filter(({ end }) => end === 'taken' || end === 'taken silently')
      const counts = new Map<string, number>()
      for (const { messageId } of taken) {
        const id = messageId ?? 'none'
        counts.set(id, (counts.get(id) ?? 0) + 1)
      }
      return counts
    },
    async close() {
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
  }
}
