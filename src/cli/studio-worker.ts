import type { Config } from '../config.ts'
import { keepWorker, type KeepOptions, type KeptWorker } from './serve-worker.ts'

export interface StudioWorker {
  /** There is something to send, or will be: runs until there is nothing any more. */
  wake(): void
  /** Lets what is on the wire finish; what is left is gone on with later. */
  close(): Promise<void>
}

/** A worker in a process of its own, as long as there is something for it to do; one that dies is started again. */
export function createStudioWorker(
  options: Omit<KeepOptions, 'endsItself'> & { readonly isNeeded: () => Promise<boolean> },
): StudioWorker {
  let kept: KeptWorker | null = null
  let closed = false
  const wake = (): void => {
    if (closed || kept !== null) return
    const started = keepWorker({ ...options, endsItself: true })
    kept = started
    void started.ended.then(async (byItself) => {
      kept = null
      // What came while it was ending.
      if (byItself && (await options.isNeeded().catch(() => false))) wake()
    })
  }
  return {
    wake,
    async close() {
      closed = true
      await kept?.close()
    },
  }
}

/** How this very program runs such a worker. */
export function studioWorkerCommand({ root, smtp }: Pick<Config, 'root' | 'smtp'>): string[] {
  const [, entry = ''] = process.argv
  const rehearse = smtp === null ? ['--rehearse'] : []
  return [...process.execArgv, entry, '--dir', root, '--quiet', 'worker', '--until-done', ...rehearse]
}
