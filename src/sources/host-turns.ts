import type { Clock } from '../core/clock.ts'

/** Waits; rejects when the signal aborts. */
export type Sleep = (milliseconds: number, signal: AbortSignal) => Promise<void>

/** Lets one request at a time go to a host, with a pause after each. */
export class HostTurns {
  readonly #clock: Clock
  readonly #sleep: Sleep
  readonly #pause: number
  /** The end of the last turn that was asked for. */
  readonly #last = new Map<string, Promise<number>>()

  constructor(options: { clock: Clock; sleep: Sleep; pauseMilliseconds: number }) {
    this.#clock = options.clock
    this.#sleep = options.sleep
    this.#pause = options.pauseMilliseconds
  }

  /** Runs `request` when it is the host's turn for it. */
  async take<T>(host: string, signal: AbortSignal, request: () => Promise<T>): Promise<T> {
    const before = this.#last.get(host)
    const { promise: done, resolve } = Promise.withResolvers<number>()
    this.#last.set(host, done)
    let ended = 0
    try {
      if (before !== undefined) {
        ended = await before
        const wait = ended + this.#pause - this.#clock.now()
        if (wait > 0) await this.#sleep(wait, signal)
      }
      signal.throwIfAborted()
      const result = request()
      // Whatever becomes of it, the host was asked.
      await Promise.allSettled([result])
      ended = this.#clock.now()
      return await result
    } finally {
      resolve(ended)
    }
  }
}
