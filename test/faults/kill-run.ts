import { setTimeout as sleep } from 'node:timers/promises'
import type { Tally } from '../../src/delivery/round.ts'
import { addPeople } from '../delivery/people.ts'
import { ISSUE, theRound, withApp } from './fault-app.ts'
import { startSender, type SenderOptions } from './start-sender.ts'
import type { SinkProcess } from './start-sink.ts'

export interface KillRun {
  readonly folder: string
  readonly sink: SinkProcess
  readonly people: number
  readonly connections: number
  readonly keyFile?: string | null
  /** From 0 to 1. */
  readonly random: () => number
}

/** How a send stands to what the server took, by Message-ID. */
export interface Standing {
  readonly people: number
  readonly accepted: number
  /** Each is listed with its address. */
  readonly unknown: number
  /** Of these, taken by the server. */
  readonly unknownTaken: number
  /** Neither taken by the server nor listed. */
  readonly lost: number
  /** Copies beyond the first. */
  readonly duplicates: number
}

/** Adds the people who are sent to. */
export function fill({ folder, people }: Pick<KillRun, 'folder' | 'people'>): Promise<void> {
  return withApp(folder, (app) => addPeople(app.subscribers, people))
}

/** Sends, and kills the sender `kills` times; after each, every row is in one state. */
export async function sendAndKill(
  run: KillRun,
  kills: number,
  onKill?: (kill: number) => void,
): Promise<void> {
  for (let kill = 0; kill < kills; kill++) {
    const { child, end } = startSender(senderOf(run))
    const before = await run.sink.count()
    const target = before + 1 + Math.floor(((run.people - before) / (kills - kill + 1)) * 1.4 * run.random())
    // The first dies while it starts or freezes; the others in the middle of sending.
    if (kill === 0) await sleep(150 + 500 * run.random())
    else
      while (child.exitCode === null && (await run.sink.count()) < target) await sleep(1 + 4 * run.random())
    child.kill('SIGKILL')
    if ((await end) !== null) throw new Error(`kill ${kill + 1} came too late: everything was sent`)
    await checkRows(run)
    onKill?.(kill + 1)
  }
}

/** Sends what is left, undisturbed. */
export async function finish(run: KillRun): Promise<void> {
  const report = await startSender(senderOf(run)).end
  if (report?.status.state !== 'done') throw new Error(`the send did not end: ${JSON.stringify(report)}`)
}

/** Whose end is not known is sent to once more. */
export function resend({ folder }: KillRun): Promise<number> {
  return withApp(folder, async (app) => {
    const { resent } = await app.deliveries.resolveUnknowns((await theRound(app)).id, 'resend')
    return resent
  })
}

export async function standing({ folder, sink }: KillRun): Promise<Standing> {
  const copies = await sink.copies()
  const [tally, unknowns] = await withApp(folder, async (app) => {
    const round = await theRound(app)
    return [await app.deliveries.tally(round.id), await app.deliveries.unknowns(round.id)] as const
  })
  const listed = unknowns.filter(({ address }) => address !== null).map(({ messageId }) => messageId)
  const people = Object.values(tally).reduce((sum, count) => sum + count, 0)
  const known = new Set([...copies.keys(), ...listed])
  return {
    people,
    accepted: tally.accepted,
    unknown: tally.unknown,
    unknownTaken: listed.filter((id) => copies.has(id ?? '')).length,
    lost: people - known.size,
    duplicates: [...copies.values()].reduce((sum, count) => sum + count - 1, 0),
  }
}

function senderOf({ folder, sink, connections, keyFile = null }: KillRun): SenderOptions {
  return { folder, port: sink.port, connections, keyFile }
}

/** How many rows are in each state; null before all are frozen. Their sum is the round’s total. */
export function tallyOf(folder: string): Promise<Tally | null> {
  return withApp(folder, async (app) => {
    const round = await app.deliveries.round(ISSUE, 'real')
    if (round === null || round.total === null) return null
    const tally = await app.deliveries.tally(round.id)
    const sum = Object.values(tally).reduce((total, count) => total + count, 0)
    if (sum !== round.total) throw new Error(`${sum} rows, of ${round.total}`)
    return tally
  })
}

/** No more than one message a connection is on the wire. */
async function checkRows({ folder, connections }: KillRun): Promise<void> {
  const tally = await tallyOf(folder)
  if (tally !== null && tally.on_wire > connections)
    throw new Error(`${tally.on_wire} on the wire over ${connections} connections`)
}
