import { setTimeout as sleep } from 'node:timers/promises'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openApp } from '../../src/app.ts'
import { createTokens } from '../../src/core/token.ts'
import { openRound } from '../../src/delivery/open-round.ts'
import type { ReadyIssue } from '../../src/delivery/publish.ts'
import type { Round } from '../../src/delivery/round.ts'
import { benchConfig } from '../send/config.ts'
import { fillIssues, fillPeople } from './fill.ts'
import type { Counted, Server } from './server.ts'
import { startWorker, type Worker, type WorkerSettings } from './workers.ts'

/** Of each worker. */
export const CONNECTIONS = 5

export interface SceneOptions {
  readonly people: number
  /** Issues that everybody got before. */
  readonly issues?: number
  /** The port of a server; default: to nowhere. */
  readonly port?: number
  /** How long nowhere takes to answer, in milliseconds; default 0. */
  readonly answersAfter?: number
  /** The pace of all workers. */
  readonly perSecond?: number
}

/** A store in which a round is frozen and waits for workers. */
export interface Scene {
  readonly options: SceneOptions
  readonly counted: Counted
  readonly round: Round
  /** Seconds that freezing took, and octets of write-ahead log. */
  readonly freeze: { readonly seconds: number; readonly wal: number }
  /** Every one that was started. */
  readonly workers: readonly Worker[]
  add(): Promise<Worker>
  /** Messages that were taken. */
  taken(): number
  /** Slices that a worker has. */
  slicesOf(worker: Worker): Promise<number>
  isDone(): Promise<boolean>
  close(): Promise<void>
}

/** @param folder with the issue that is sent */
export async function openScene(server: Server, folder: string, options: SceneOptions): Promise<Scene> {
  const { people, issues = 0, port, answersAfter = 0, perSecond = null } = options
  const counted = await server.create()
  const { url, database } = counted
  await fillPeople(database, createTokens(benchConfig(folder).secretKey), people)
  if (issues > 0) await fillIssues(database, issues)
  await database.script('checkpoint')
  const smtp = { SMTP_URL: `smtp://127.0.0.1:${port}`, SMTP_CONNECTIONS: String(CONNECTIONS) }
  const environment = { DATABASE_URL: url, ...(port !== undefined && smtp) }
  const settings: WorkerSettings = {
    ...{ folder, environment, connections: CONNECTIONS, perSecond },
    answersAfter: port === undefined ? answersAfter : null,
  }
  const workers: Worker[] = []
  const { round, freeze } = await frozen(counted, folder, environment, port)
  await counted.reset()
  return {
    ...{ options, counted, round, freeze, workers },
    async add() {
      const worker = await startWorker(settings)
      workers.push(worker)
      return worker
    },
    taken: () => workers.reduce((sum, worker) => sum + worker.taken(), 0),
    async slicesOf({ name }) {
      const row = await database.row('select /* bench */ count(*) as count from slice where worker = $1', [
        name,
      ])
      return Number(row?.['count'])
    },
    async isDone() {
      return (
        (await database.row("select /* bench */ 1 from round where id = $1 and state = 'done'", [
          round.id,
        ])) !== undefined
      )
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.end('SIGKILL')))
      await counted.close()
    },
  }
}

/** As `send` freezes, in this process. */
async function frozen(
  counted: Counted,
  folder: string,
  environment: Readonly<Record<string, string>>,
  port: number | undefined,
): Promise<Pick<Scene, 'round' | 'freeze'>> {
  const issue = JSON.parse(readFileSync(join(folder, 'issue.json'), 'utf8')) as ReadyIssue
  const app = await openApp(benchConfig(folder, environment))
  try {
    const label = port === undefined ? 'smtp://nowhere' : `smtp://127.0.0.1:${port}`
    const transport = { kind: 'smtp', label, local: true } as const
    const { round } = await openRound(app, issue.id, { transport, ready: async () => issue })
    const { wal } = await counted.work()
    const begun = performance.now()
    while ((await app.deliveries.freezeChunk(round.id, 2_500)).more) continue
    const sealed = await app.deliveries.seal(round.id)
    const seconds = (performance.now() - begun) / 1_000
    return { round: sealed, freeze: { seconds, wal: (await counted.work()).wal - wal } }
  } finally {
    await app.close()
  }
}

/** Waits for something, looking every so many milliseconds. */
export async function until(
  isSo: () => Promise<boolean> | boolean,
  every = 20,
  within = 600_000,
): Promise<void> {
  const deadline = performance.now() + within
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error('it did not come about in time')
    await sleep(every)
  }
}
