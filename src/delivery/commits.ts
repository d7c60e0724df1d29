import type { Begin, Begun, Settlement, Step } from './round.ts'
import type { DeliveryStore } from './store.ts'

/**
 * Writes durably what the lanes of a round did and are about to do; those that are ready in one turn
 * of the event loop share a commit, or within a millisecond where it is asked to wait for others. Everything noted before a `begin` is in its commit or in an
 * earlier one. Once a commit has failed nothing begins any more.
 */
export interface Commits {
  /** What became of a delivery: written with the next commit, after a twentieth of a second at the latest. */
  note(settlement: Settlement): void
  /**
   * Puts a delivery on the wire.
   * @throws what the store threw: then nothing of that commit was written
   */
  begin(begin: Begin): Promise<Begun>
  /**
   * Everything noted is on the disk once it resolves. What could not be written before is tried again.
   * @throws what the store threw
   */
  flush(): Promise<void>
}

/** How long an outcome may wait for a commit to share, in milliseconds. */
const LINGER = 50
/** How long a commit waits for lanes that will be back soon, in milliseconds; a timer knows no less. */
const GATHER = 1
/** Where none came in that time (the server is far away, or a pace holds all of them), so many commits wait for none. */
const ALONE = 20

interface Waiting {
  readonly step: Step
  resolve(begun: Begun | null): void
  reject(error: unknown): void
}

/** @param together so many that begin share a commit where they come within a millisecond; 1: none waits for others */
export function createCommits(store: Pick<DeliveryStore, 'advance'>, round: number, together = 1): Commits {
  let noted: Step[] = []
  let waiting: Waiting[] = []
  let planned = false
  let timer: NodeJS.Timeout | null = null
  let failed: { readonly error: unknown } | null = null
  let alone = 0
  /** Ends the wait for others. */
  let goOn: (() => void) | null = null

  /** Whoever flushes waits for nobody. */
  const isFull = (): boolean =>
    waiting.length === 0 || waiting.length >= together || waiting.some(({ step }) => step.begin === null)
  const gather = async (): Promise<void> => {
    if (alone > 0) {
      alone -= 1
      return
    }
    const before = waiting.length
    await new Promise<void>((resolve) => {
      const waited = setTimeout(resolve, GATHER)
      goOn = () => {
        goOn = null
        clearTimeout(waited)
        // Who comes in the same turn of the event loop has a place too.
        setImmediate(resolve)
      }
    })
    goOn = null
    if (waiting.length === before) alone = ALONE
  }
  const write = async (): Promise<void> => {
    const settled = noted
    const begun = waiting
    noted = []
    waiting = []
    const begins = begun.filter(({ step }) => step.begin !== null)
    try {
      if (failed !== null && begins.length > 0) throw failed.error
      const steps = [...settled, ...begins.map(({ step }) => step)]
      const answers = steps.length === 0 ? [] : await store.advance(round, steps)
      for (const [index, each] of begins.entries()) each.resolve(answers[settled.length + index] ?? null)
      for (const each of begun) if (each.step.begin === null) each.resolve(null)
    } catch (error) {
      failed ??= { error }
      noted = [...settled, ...noted]
      for (const each of begun) each.reject(error)
    }
  }
  // One commit at a time: what a lane has noted is never overtaken by what it begins.
  const run = async (): Promise<void> => {
    while (waiting.length > 0 || (noted.length > 0 && failed === null)) {
      if (!isFull()) await gather()
      await write()
    }
    planned = false
  }
  const plan = (): void => {
    if (planned) return
    planned = true
    setImmediate(() => void run())
  }
  const put = (step: Step): Promise<Begun | null> =>
    new Promise((resolve, reject) => {
      waiting.push({ step, resolve, reject })
      if (isFull()) goOn?.()
      plan()
    })

  return {
    note(settle) {
      noted.push({ settle, begin: null })
      timer ??= setTimeout(() => {
        timer = null
        if (noted.length > 0 && failed === null) plan()
      }, LINGER)
    },
    async begin(begin) {
      return (await put({ settle: null, begin })) ?? 'stopped'
    },
    async flush() {
      if (noted.length > 0 || planned) await put({ settle: null, begin: null })
    },
  }
}
