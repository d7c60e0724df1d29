import { messageOf, OnrecordError } from '../core/errors.ts'
import type { ImportChoice, ImportDesk, Upload } from '../subscribers/import-session.ts'
import type { ImportResult } from '../subscribers/import.ts'
import { countedRefusals } from '../subscribers/refusal-words.ts'
import type { ImportRunState, ShownResult } from './contract/people.ts'

/** The import that is under way or ended last: a page that is loaded again finds it as it is. */
export interface Imports {
  state(): ImportRunState | null
  /** Begins it and does not wait. @throws OnrecordError `refused` while another one is under way */
  start(upload: Upload, choice: ImportChoice, dryRun: boolean): void
  /** What is committed stays. */
  cancel(upload: string): void
  /** Forgets what stands of it, with the addresses of its sample. */
  forget(upload: string): void
}

/** So many refused rows go to a page; the first are enough to see what is wrong with a file. */
const REFUSED = 500

/** How often a page is told how far it is, in milliseconds. */
const TELL_MS = 250

/** @param onChange called when something of the state is another, a few times a second */
export function createImports(
  desk: () => Promise<Pick<ImportDesk, 'run'>>,
  onChange: () => void,
  now: () => number,
): Imports {
  let current: ImportRunState | null = null
  let abort = new AbortController()
  let told = 0
  let count = 0

  const become = (next: ImportRunState): void => {
    const isProgress = next.state === 'running' && current?.state === 'running'
    current = next
    if (isProgress && now() - told < TELL_MS) return
    told = now()
    onChange()
  }

  const run = async (begun: ImportRunState, choice: ImportChoice, signal: AbortSignal): Promise<void> => {
    try {
      const { dryRun, upload } = begun
      const result = await (
        await desk()
      ).run(upload, choice, {
        dryRun,
        signal,
        onProgress: (soFar, part) => become({ ...begun, part, result: shown(soFar, false) }),
      })
      const state = result.interrupted ? 'stopped' : 'done'
      become({ ...begun, state, part: current?.part ?? 1, result: shown(result, dryRun) })
    } catch (error) {
      const [message, hint] =
        error instanceof OnrecordError
          ? [messageOf(error), error.hint]
          : ['The import failed by a fault of our own.', 'What was read before it is kept.']
      // What had been carried out by then is in, and is said.
      const { part, result } = current ?? begun
      become({ ...begun, part, result, state: 'failed', error: [message, hint].filter(Boolean).join(' ') })
    }
  }

  return {
    state: () => current,
    start({ id, fileName }, choice, dryRun) {
      if (current?.state === 'running')
        throw new OnrecordError('refused', 'Another import is under way.', { hint: 'Wait for its end.' })
      abort = new AbortController()
      const begun: ImportRunState = {
        ...{
          number: ++count,
          upload: id,
          fileName,
          dryRun,
          state: 'running',
          part: 0,
          result: null,
          error: null,
        },
      }
      become(begun)
      void run(begun, choice, abort.signal)
    },
    cancel(upload) {
      if (current?.upload === upload) abort.abort()
    },
    forget(upload) {
      if (current?.upload === upload && current.state !== 'running') current = null
    },
  }
}

function shown(result: ImportResult, withSample: boolean): ShownResult {
  const { interrupted: _, refused, refusals, sample, ...counts } = result
  return {
    ...counts,
    refused: refused.slice(0, REFUSED),
    refusals: countedRefusals(refusals),
    refusedTotal: Object.values(refusals).reduce((sum, count) => sum + count, 0),
    sample: withSample
      ? sample.map(({ line, address, name, tier, state, newsletter }) => ({
          ...{ line, address: address.address, name, tier, state, newsletter },
        }))
      : [],
  }
}
