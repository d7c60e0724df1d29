import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createTokens } from '../../src/core/token.ts'
import { openRound } from '../../src/delivery/open-round.ts'
import type { Round } from '../../src/delivery/round.ts'
import { openPostgresStores } from '../../src/store/postgres/open.ts'
import { openPool } from '../../src/store/postgres/pool.ts'
import type { Stores } from '../../src/store/stores.ts'
import { readyIssue } from '../delivery/desk.ts'
import { addPeople } from '../delivery/people.ts'
import type { PostgresBed } from '../contract/postgres-bed.ts'
import { startProxy, type SilentProxy } from './silent-proxy.ts'
import type { SinkProcess } from './start-sink.ts'

export const SECRET = 'a secret of more than thirty-two characters'
const ISSUE = '2025-w46'

export interface WorkerSettings {
  readonly url: string
  /** Of the server. */
  readonly port: number
  readonly folder: string
  /** To the server. */
  readonly connections: number
  readonly lease: number
  readonly slice: number
  readonly perSecond: number
}

export interface SeveralRun extends Omit<WorkerSettings, 'url' | 'port'> {
  readonly bed: PostgresBed
  readonly sink: SinkProcess
  readonly people: number
  readonly workers: number
  /** What happens, in this order, evenly over the send. */
  readonly events: readonly Event[]
  /** From 0 to 1. */
  readonly random: () => number
  readonly say?: (text: string) => void
}

export const workerEvents = ['kill', 'freeze', 'cut', 'silence'] as const

/** `restart`: of PostgreSQL; the others are of one worker at random. */
export type Event = (typeof workerEvents)[number] | 'restart'

/** How it stood at the end. */
export interface SeveralStanding {
  readonly state: Round['state']
  readonly accepted: number
  readonly unknown: number
  /** Connections that were open at the events. */
  readonly most: number
  /** Neither taken by the server nor listed. */
  readonly lost: number
  /** Copies beyond the first. */
  readonly duplicates: number
  /** How often the states were summed up. */
  readonly looks: number
  /** Sums that were not the total. */
  readonly wrong: readonly number[]
  /** From the first worker to the end of the round. */
  readonly seconds: number
}

interface Worker {
  readonly child: ChildProcess
  readonly proxy: SilentProxy
  busy: boolean
}

/** Several workers send one round, while `events` happen to them; ends when the round does, or a minute after the last. */
export async function sendWithEvents(run: SeveralRun): Promise<SeveralStanding> {
  const { bed, sink, people, events, workers: count, random, connections, say = () => undefined } = run
  const database = await bed.open()
  const { url } = database
  await database.close()
  const stores = await openPostgresStores(url, createTokens(SECRET), { slice: run.slice, connections: 3 })
  const administrator = openPool(url, { connections: 1 })
  const workers: Worker[] = []
  try {
    const round = await freeze(stores, run)
    const watch = watchSum(stores, round, people)
    const begun = performance.now()
    for (let each = 0; each < count; each++) workers.push(await startWorker(url, run))
    for (const [index, event] of events.entries()) {
      const target = (people * (index + 0.3 + 0.6 * random())) / (events.length + 0.5)
      while ((await sink.count()) < target && !watch.done()) await sleep(20)
      const place = Math.floor(random() * count)
      say(`${event} at ${await sink.count()} taken`)
      if (event === 'restart') await bed.restart()
      else await happen(event, place, { workers, url, run, administrator })
    }
    const last = performance.now()
    while (!watch.done() && performance.now() - last < 60_000) await sleep(50)
    const seconds = (performance.now() - begun) / 1_000
    const { looks, wrong } = await watch.end()
    const ended = (await stores.deliveries.round(ISSUE, 'real')) ?? round
    const tally = await stores.deliveries.tally(round.id)
    const unknowns = await stores.deliveries.unknowns(round.id)
    const copies = await sink.copies()
    const listed = unknowns.filter(({ address }) => address !== null).map(({ messageId }) => messageId)
    const restarts = events.filter((event) => event === 'restart').length
    return {
      ...{ state: ended.state, accepted: tally.accepted, unknown: tally.unknown, looks, wrong, seconds },
      most: connections * (events.length - restarts + restarts * count),
      lost: people - new Set([...copies.keys(), ...listed]).size,
      duplicates: [...copies.values()].reduce((sum, each) => sum + each - 1, 0),
    }
  } finally {
    for (const { child, proxy } of workers) {
      child.kill('SIGKILL')
      proxy.close()
    }
    await administrator.close()
    await stores.close()
  }
}

async function freeze(stores: Stores, run: SeveralRun): Promise<Round> {
  await addPeople(stores.subscribers, run.people)
  const desk = { ...stores, tokens: createTokens(SECRET), imagesDir: run.folder, signer: null }
  const { round } = await openRound(desk, ISSUE, {
    transport: { kind: 'smtp', label: 'smtp://sink', local: true },
    ready: async () => readyIssue(),
    publish: false,
  })
  while ((await stores.deliveries.freezeChunk(round.id, 5_000)).more) continue
  return stores.deliveries.seal(round.id)
}

/** Sums the states up again and again. */
function watchSum(stores: Stores, { id, issue, kind }: Round, total: number) {
  const wrong: number[] = []
  let looks = 0
  let done = false
  let ending = false
  const look = async (): Promise<void> => {
    while (!ending) {
      try {
        const sum = Object.values(await stores.deliveries.tally(id)).reduce((all, each) => all + each, 0)
        if (sum !== total) wrong.push(sum)
        looks += 1
        done = (await stores.deliveries.round(issue, kind))?.state !== 'sending'
      } catch {
        // While PostgreSQL is restarted nothing can be looked at.
      }
      await sleep(100)
    }
  }
  const looking = look()
  return {
    done: () => done,
    async end() {
      ending = true
      await looking
      return { looks, wrong }
    },
  }
}

interface Scene {
  readonly workers: Worker[]
  readonly url: string
  readonly run: SeveralRun
  readonly administrator: ReturnType<typeof openPool>
}

async function happen(event: Exclude<Event, 'restart'>, place: number, scene: Scene): Promise<void> {
  const { workers, url, run, administrator } = scene
  const worker = workers
    .slice(place)
    .concat(workers.slice(0, place))
    .find(({ busy }) => !busy)
  if (worker === undefined) throw new Error('every worker is out of order')
  const { child, proxy } = worker
  const later = (work: () => void): void => {
    worker.busy = true
    void sleep(run.lease + 1_000).then(() => {
      work()
      worker.busy = false
    })
  }
  switch (event) {
    case 'kill': {
      child.kill('SIGKILL')
      proxy.close()
      workers.splice(workers.indexOf(worker), 1, await startWorker(url, run))
      return
    }
    case 'freeze':
      child.kill('SIGSTOP')
      later(() => void child.kill('SIGCONT'))
      return
    case 'silence':
      proxy.silence()
      later(() => proxy.heal())
      return
    case 'cut':
      await administrator.rows(
        'select pg_terminate_backend(pid) from pg_stat_activity where client_port = any ($1)',
        [proxy.ports()],
      )
  }
}

async function startWorker(url: string, run: SeveralRun): Promise<Worker> {
  const { folder, connections, lease, slice, perSecond } = run
  const proxy = await startProxy(Number(new URL(url).port))
  const through = new URL(url)
  through.port = String(proxy.port)
  const settings: WorkerSettings = {
    ...{ url: through.href, port: run.sink.port, folder, connections, lease, slice, perSecond },
  }
  const child = fork(join(import.meta.dirname, 'worker-process.ts'), [JSON.stringify(settings)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  await once(child, 'message')
  child.on('message', (line) => run.say?.(`${child.pid}: ${String(line)}`))
  return { child, proxy, busy: false }
}
