import { systemClock, type Clock } from '../core/clock.ts'
import { noLimits, readUsedUp, type Limits, type UsedUp } from './limits.ts'
import type { SendingDesk } from './publish.ts'
import type { Queue } from './queue.ts'
import { createRateMeter } from './rate.ts'
import type { Round } from './round.ts'
import { readStatus, type RoundStatus } from './status.ts'

export interface ProgressOptions {
  /** How many may begin; default: no limit. */
  readonly limits?: Partial<Limits>
  readonly clock?: Clock
  /**
   * Called a few times a second; `watching` while another process does the sending, `usedUp` while a
   * limit holds it up.
   */
  readonly onProgress?: (status: RoundStatus, watching: boolean, usedUp: UsedUp | null) => void
}

/** `always`: the last one of a round; others are left out where counting the rows would hold up the sending. */
export type Report = (
  round: Round,
  watching: boolean,
  always?: boolean,
  queue?: Pick<Queue, 'usedUp'>,
) => Promise<void>

/** What counting the rows may take of the time: a million take 75 ms. */
const PROGRESS_SHARE = 0.04

export function createProgress(
  { deliveries }: Pick<SendingDesk, 'deliveries'>,
  options: ProgressOptions,
): Report {
  const { onProgress, clock = systemClock } = options
  const limits = { ...noLimits, ...options.limits }
  const meter = createRateMeter()
  let from = 0
  return async (round, watching, always = false, queue) => {
    const begun = performance.now()
    if (onProgress === undefined || (begun < from && !always)) return
    const counted = await readStatus(deliveries, round)
    const others = watching && round.state === 'sending' && round.kind === 'real'
    const usedUp = others ? await readUsedUp(deliveries, limits, clock.now()) : (queue?.usedUp ?? null)
    const now = performance.now()
    from = now + (now - begun) / PROGRESS_SHARE
    const rate = Math.round(meter.note(clock.now(), counted.accepted) * 10) / 10
    onProgress({ ...counted, rate }, watching, usedUp)
  }
}
