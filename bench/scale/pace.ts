import { setTimeout as sleep } from 'node:timers/promises'
import type { Bar } from './bars.ts'
import { progress } from './progress.ts'
import { openScene, until } from './scene.ts'
import type { Server } from './server.ts'
import { BUCKET } from './workers.ts'

/** Messages a second, of all workers. */
const RATE = 200
/** Until a worker that has come, and the others, keep it together, in milliseconds. */
const SETTLES = 2_000

/** Whether one pace is kept by 1, 2 and 4 workers, each looked at for so many seconds. */
export async function measurePace(server: Server, folder: string, seconds: number): Promise<readonly Bar[]> {
  const people = RATE * 60 + RATE * 3 * seconds
  const scene = await openScene(server, folder, { people, perSecond: RATE })
  const bars: Bar[] = []
  try {
    for (const workers of [1, 2, 4]) {
      progress(`pace: ${workers} workers`)
      while (scene.workers.length < workers) await scene.add()
      await until(() => scene.workers.every((worker) => worker.taken() > 0))
      await sleep(SETTLES)
      const from = Math.ceil(Date.now() / BUCKET) * BUCKET
      const to = from + seconds * 1_000
      // What was taken until then has been told by now.
      await sleep(to + 500 - Date.now())
      const taken = scene.workers.reduce((sum, worker) => sum + worker.taken(from, to), 0)
      const ratio = taken / (RATE * seconds)
      bars.push({
        what: `messages a second of ${RATE} set, with ${workers} worker${workers === 1 ? '' : 's'}`,
        is: `${(taken / seconds).toFixed(1)} (${(100 * ratio - 100).toFixed(1)} %)`,
        bar: '± 5 %',
        held: Math.abs(ratio - 1) <= 0.05,
      })
    }
    return bars
  } finally {
    await scene.close()
  }
}
