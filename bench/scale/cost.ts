import { progress } from './progress.ts'
import { until, type Scene } from './scene.ts'
import type { Work } from './server.ts'

/** What a message cost while so many workers sent. */
export interface Cost {
  readonly workers: number
  readonly messages: number
  readonly seconds: number
  /** Of the store, a message. */
  readonly statements: number
  /** Octets of write-ahead log a message. */
  readonly wal: number
  /** Microseconds of a core a message: of all workers, and of PostgreSQL. */
  readonly workerCpu: number
  readonly storeCpu: number
  /** The most memory that one of them had so far, MB. */
  readonly peak: number
}

interface Moment {
  readonly work: Work
  readonly at: number
  readonly taken: number
  readonly cpu: number
}

/**
 * Sends all of a scene’s round, with more workers each time that a part of it is sent; what they take to start is not
 * counted.
 * @param steps how many workers, and until which share of the round is sent
 */
export async function measureCosts(
  scene: Scene,
  steps: readonly { readonly workers: number; readonly share: number }[],
): Promise<readonly Cost[]> {
  const { people } = scene.options
  const costs: Cost[] = []
  for (const { workers, share } of steps) {
    while (scene.workers.length < workers) await scene.add()
    const isOver = (): boolean => scene.taken() >= people * share
    // Each is at it, and its code is warm.
    await until(
      () => isOver() || scene.workers.every((worker) => worker.taken() > Math.min(people / 50, 2_000)),
      5,
    )
    // Too few people for so many workers.
    if (isOver()) continue
    const from = await moment(scene)
    await until(() => {
      progress(
        `${people.toLocaleString('en-GB')} people, ${workers} workers: ${scene.taken().toLocaleString('en-GB')} sent`,
      )
      return isOver()
    }, 5)
    const to = await moment(scene)
    const messages = to.taken - from.taken
    const each = (value: number): number => value / messages
    costs.push({
      ...{ workers, messages, seconds: (to.at - from.at) / 1_000 },
      statements: each(to.work.statements - from.work.statements),
      wal: each(to.work.wal - from.work.wal),
      workerCpu: each((to.cpu - from.cpu) * 1e6),
      storeCpu: each((to.work.cpu - from.work.cpu) * 1e6),
      peak: Math.max(...scene.workers.map((worker) => worker.peak())),
    })
  }
  await until(() => scene.isDone(), 20)
  return costs
}

async function moment(scene: Scene): Promise<Moment> {
  const work = await scene.counted.work()
  const cpu = scene.workers.reduce((sum, worker) => sum + worker.cpu(), 0)
  return { work, at: performance.now(), taken: scene.taken(), cpu }
}
