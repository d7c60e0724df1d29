import type { Clock } from '../../src/core/clock.ts'
import type { Sleep } from '../../src/delivery/waiting.ts'

/** Time that passes at once: it goes on to the next wait's end as soon as everybody waits. */
export interface VirtualTime extends Clock {
  readonly sleep: Sleep
  /** Lets time pass until the work is done. */
  run<T>(work: Promise<T>): Promise<T>
  /** Sets the clock, waits stay as long as they were. */
  jump(milliseconds: number): void
}

interface Timer {
  readonly at: number
  end(): void
}

export function createVirtualTime(start: number): VirtualTime {
  let passed = 0
  let jumped = start
  const timers = new Set<Timer>()
  const settled = async (): Promise<void> => {
    for (let turn = 0; turn < 3; turn += 1) await new Promise(setImmediate)
  }
  return {
    now: () => passed + jumped,
    jump(milliseconds) {
      jumped += milliseconds
    },
    sleep: (milliseconds, signal) =>
      new Promise((resolve) => {
        const timer: Timer = {
          at: passed + milliseconds,
          end() {
            timers.delete(timer)
            resolve()
          },
        }
        timers.add(timer)
        if (signal.aborted) timer.end()
        else signal.addEventListener('abort', timer.end, { once: true })
      }),
    async run(work) {
      let done = false
      void work.catch(() => undefined).finally(() => (done = true))
      for (;;) {
        await settled()
        if (done) return work
        const next = [...timers].reduce<Timer | null>(
          (first, each) => (first === null || each.at < first.at ? each : first),
          null,
        )
        if (next === null) throw new Error('everybody waits, and for nothing')
        passed = Math.max(passed, next.at)
        next.end()
      }
    },
  }
}
