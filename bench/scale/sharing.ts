import { setTimeout as sleep } from 'node:timers/promises'
import type { Bar } from './bars.ts'
import { progress } from './progress.ts'
import { openScene, until, type Scene } from './scene.ts'
import type { Server } from './server.ts'
import type { Worker } from './workers.ts'

/** A server’s answer takes so long, in milliseconds, so that a worker is as fast as its connections and not as the machine. */
const ANSWERS_AFTER = 20
/** Of what another worker sends at the same moment: then it has its share. */
const SHARE = 0.8
/** That is looked at in windows of so many milliseconds. */
const WINDOW = 500

/** How soon a worker has its share of a send that is under way, and how soon others have that of one that ends. */
export async function measureSharing(server: Server, folder: string): Promise<readonly Bar[]> {
  const scene = await openScene(server, folder, { people: 30_000, answersAfter: ANSWERS_AFTER })
  try {
    const first = await scene.add()
    await until(() => first.taken() > 200)
    progress('sharing: a worker comes')
    const second = await scene.add()
    const came = await hasShare(first, second)
    await sleep(1_000)
    const stopped = await givesBack(scene, second, 'SIGTERM')
    const third = await scene.add()
    await until(() => third.taken() > 200)
    const killed = await givesBack(scene, third, 'SIGKILL')
    const seconds = (value: number): string => `${value.toFixed(1)} s`
    return [
      {
        what: 'a cold worker added in mid-send has its share after',
        is: seconds(came),
        bar: '≤ 5 s',
        held: came <= 5,
      },
      {
        what: 'one stopped by SIGTERM has given its share back after',
        is: seconds(stopped),
        bar: '≤ 1 s',
        held: stopped <= 1,
      },
      {
        what: 'the share of one stopped by kill -9 is another’s after',
        is: seconds(killed),
        bar: '≤ 60 s',
        held: killed <= 60,
      },
    ]
  } finally {
    await scene.close()
  }
}

/** Seconds from when the process was asked for. */
async function hasShare(first: Worker, second: Worker): Promise<number> {
  for (let end = second.askedAt + WINDOW; ; end += 100) {
    // What was taken until then has been told by now.
    await sleep(Math.max(0, end + 250 - Date.now()))
    const [own, others] = [second, first].map((worker) => worker.taken(end - WINDOW, end))
    if ((own ?? 0) > 0 && (own ?? 0) >= (others ?? 0) * SHARE) return (end - second.askedAt) / 1_000
    if (end > second.askedAt + 120_000) throw new Error('a worker that was added never had its share')
  }
}

/** Seconds from a signal until no slice is the worker’s any more. */
async function givesBack(scene: Scene, worker: Worker, signal: 'SIGTERM' | 'SIGKILL'): Promise<number> {
  const begun = performance.now()
  const ended = worker.end(signal)
  await until(async () => {
    progress(`sharing: a worker goes by ${signal}`)
    return (await scene.slicesOf(worker)) === 0
  })
  const seconds = (performance.now() - begun) / 1_000
  await ended
  return seconds
}
