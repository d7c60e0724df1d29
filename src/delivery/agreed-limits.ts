import { isDeepStrictEqual } from 'node:util'
import { describeDifferences, strictest, type CommonLimits } from './common-limits.ts'
import type { Limits } from './limits.ts'

export interface AgreeOptions {
  /** Null, or left out: nobody else sends. */
  readonly commonLimits?: Pick<CommonLimits, 'said'> | null
  readonly server: string
  /** This process's own. */
  readonly own: Limits
  readonly now: () => number
  /** Told where others have other limits, and again where that changes. */
  readonly onOthers?: ((says: string) => void) | undefined
  /** How often others are asked, in milliseconds; default 10,000. */
  readonly every?: number | undefined
}

/** The strictest limits of all who send through a server. */
export interface AgreedLimits {
  readonly limits: Limits
  /** Called whenever they are others. */
  onChange(tell: () => void): void
  end(): void
}

/**
 * Agrees with everybody who is there, and again and again until it is ended: who comes with stricter limits is heard at the
 * next look; those of somebody who was killed or ended hold until two looks one after the other have missed them.
 * @throws what the store threw when it was asked for the first time
 */
export async function agreeOnLimits(options: AgreeOptions): Promise<AgreedLimits> {
  const { commonLimits = null, server, own, now, onOthers, every = 10_000 } = options
  let before: readonly Limits[] = []
  let told: string | null = null
  let tell = (): void => undefined
  const look = async (): Promise<Limits> => {
    const said = (await commonLimits?.said(server)) ?? []
    const differences = describeDifferences(server, own, said)
    if (differences !== null && differences !== told) onOthers?.(differences)
    told = differences
    const agreed = strictest([own, ...said, ...before], now())
    before = said
    return agreed
  }
  let limits = await look()
  let busy = false
  const timer = setInterval(() => {
    if (busy) return
    busy = true
    look()
      .then((found) => {
        if (isDeepStrictEqual(found, limits)) return
        limits = found
        tell()
      })
      // What was agreed holds until others can be asked again.
      .catch(() => undefined)
      .finally(() => (busy = false))
  }, every)
  timer.unref()
  if (commonLimits === null) clearInterval(timer)
  return {
    get limits() {
      return limits
    },
    onChange(called) {
      tell = called
    },
    end: () => clearInterval(timer),
  }
}
