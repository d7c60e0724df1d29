import type { SenderLock } from '../../delivery/store.ts'
import type { Postgres } from './pool.ts'
import type { Value } from './values.ts'

export interface Saying {
  /** Run with all of `values`, now and at every beat. */
  readonly say: string
  /** Run with the first of them when it is released. */
  readonly leave: string
  readonly values: readonly [name: string, ...rest: Value[]]
  /** In milliseconds; default 2,000. */
  readonly beat?: number
}

/** Says again and again that something is there, until it is released: what a killed process cannot take back is its silence. */
export async function keepSaying(
  database: Pick<Postgres, 'run'>,
  { say, leave, values, beat = 2_000 }: Saying,
): Promise<SenderLock & { release(): Promise<void> }> {
  await database.run(say, values)
  // One that fails is followed by another.
  let saying = Promise.resolve(true)
  let busy = false
  const timer = setInterval(() => {
    if (busy) return
    busy = true
    saying = database
      .run(say, values)
      .then(
        () => true,
        () => false,
      )
      .finally(() => (busy = false))
  }, beat)
  timer.unref()
  return {
    async release() {
      clearInterval(timer)
      // Where it cannot be said, its silence says it.
      if (!(await saying)) return
      await database.run(leave, [values[0]]).catch(() => undefined)
    },
  }
}
