import { setTimeout as timer } from 'node:timers/promises'

/** Waits so many milliseconds, or until aborted; never rejects. */
export type Sleep = (milliseconds: number, ended: AbortSignal) => Promise<void>

/** Lanes that wait for a time, or for each other. */
export interface Waiting {
  /** @param seen `woken`, as it was when the lane found nothing to do: what happened since ends the wait at once */
  until(milliseconds: number, seen: number): Promise<void>
  /** Ends the wait of every lane. */
  wake(): void
  /** How often `wake` was called. */
  readonly woken: number
}

const realSleep: Sleep = (milliseconds, signal) =>
  timer(milliseconds, undefined, { signal }).catch(() => undefined)

export function createWaiting(sleep: Sleep = realSleep): Waiting {
  let alarm: AbortController | null = null
  let lanes = 0
  let woken = 0
  return {
    async until(milliseconds, seen) {
      if (seen !== woken) return
      alarm ??= new AbortController()
      lanes += 1
      await sleep(Math.max(1, Math.ceil(milliseconds)), alarm.signal)
      lanes -= 1
    },
    get woken() {
      return woken
    },
    wake() {
      woken += 1
      if (lanes === 0) return
      alarm?.abort()
      alarm = null
    },
  }
}
