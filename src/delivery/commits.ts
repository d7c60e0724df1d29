import type { Begun, Step } from './round.ts'
import type { DeliveryStore } from './store.ts'

interface Waiting {
  readonly step: Step
  readonly resolve: (begun: Begun | null) => void
  readonly reject: (error: unknown) => void
}

/** Writes steps durably; the connections that are ready in one turn of the event loop share a commit. */
export interface Commits {
  write(step: Step): Promise<Begun | null>
}

export function createCommits(store: DeliveryStore, round: number): Commits {
  let waiting: Waiting[] = []
  const flush = async (): Promise<void> => {
    const batch = waiting
    waiting = []
    try {
      const begun = await store.advance(
        round,
        batch.map((each) => each.step),
      )
      for (const [index, each] of batch.entries()) each.resolve(begun[index] ?? null)
    } catch (error) {
      // Nothing of the batch was committed: no lane may go on.
      for (const each of batch) each.reject(error)
    }
  }
  return {
    write(step) {
      return new Promise((resolve, reject) => {
        if (waiting.push({ step, resolve, reject }) === 1) setImmediate(() => void flush())
      })
    },
  }
}
