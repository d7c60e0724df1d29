import { setTimeout as sleep } from 'node:timers/promises'
import { systemClock, type Clock } from '../core/clock.ts'
import { messageOf } from '../core/errors.ts'
import { isShared } from './leases.ts'
import { refuseRestored } from './restored.ts'
import { withoutWords } from './reply-meaning.ts'
import type { Round, RoundKind, Step } from './round.ts'
import { watchStandstill } from './standstill.ts'
import { startScheduled, type StartDesk } from './start-scheduled.ts'
import { resumeRound } from './send-issue.ts'
import type { WorkOptions } from './work-round.ts'
import { readStatus, waiting, type RoundStatus } from './status.ts'
import type { DeliveryReports } from './report.ts'
import type { Transport } from './transport.ts'
import { tryWake } from './wakes.ts'

export interface WorkerOptions extends Omit<WorkOptions, 'transport' | 'onProgress' | 'interrupted'> {
  /** Opened when there is something to send, closed after it. */
  openTransport(): Promise<Transport>
  /** Aborted: what is on the wire is finished and saved, and the worker ends. */
  readonly interrupted: AbortSignal
  /** One line of what it does, without addresses. */
  readonly log: (line: string) => void
  /** How often it looks for something to do, in milliseconds; default 2,000. */
  readonly every?: number
  /** Which sends are its business; default: real ones. */
  readonly kind?: RoundKind
  /** Ends by itself once nothing is in flight and nothing waits for its time. */
  readonly untilDone?: boolean
}

/** What its log said last of each round, so that the same is not said every two seconds. */
interface Telling extends WorkerOptions {
  readonly told: Map<Round['id'], { begun: string; ended: string; limits: string }>
}

type WorkerDesk = StartDesk & { readonly reports: Pick<DeliveryReports, 'isDue'> }

/** A line in a log so often while it sends, in milliseconds. */
const TELL_MS = 60_000
/** How often it looks whether it is woken, in milliseconds. */
const WAKE_MS = 500

/** An unreachable server is tried again for as long as it takes: nobody is there to start the worker anew. */
const reconnectWait = (failures: number): number => Math.min(300_000, 1_000 * 2 ** Math.min(failures, 12))

/**
 * Goes on with rounds that are `sending` or `freezing` and have something due, one at a time: what
 * servers had put off, and what a sender that died had left. Of a round that was cancelled or paused it names what
 * such a sender had on the wire. Begins none but what was scheduled, at its time also while it sends another, and
 * goes on with none that is paused. Sends only while it holds the sender's lock, or with others that share
 * the round by leases. Ends when interrupted.
 */
export async function runWorker(desk: WorkerDesk, given: WorkerOptions): Promise<void> {
  const options: Telling = { ...given, told: new Map() }
  const { interrupted, log, clock = systemClock } = options
  const over = new AbortController()
  const signal = AbortSignal.any([interrupted, over.signal])
  const starting = repeat(signal, options, () => start(desk, options, clock, signal))
  const woken = async (): Promise<boolean> => (await desk.wakes?.woken(options.kind ?? 'real')) ?? false
  const look = async (): Promise<string> => {
    const trouble = await turn(desk, options, clock)
    if (options.untilDone === true && !(await hasMore(desk, options))) over.abort()
    return trouble
  }
  const lease = desk.leases?.lease ?? Infinity
  const still = watchStandstill(lease, (stood) =>
    log(
      `stood still for ${Math.round(stood / 1_000)} s, longer than its leases last: others have what it had, and anything on the wire is unknown`,
    ),
  )
  try {
    await repeat(signal, options, look, woken)
    await starting
  } finally {
    still.end()
  }
}

/** Does it again and again; what is wrong is told once, and tried again. */
async function repeat(
  signal: AbortSignal,
  { log, every = 2_000 }: WorkerOptions,
  act: () => Promise<string>,
  woken: () => Promise<boolean> = async () => false,
): Promise<void> {
  let told = ''
  const tellOnce = (line: string): void => {
    if (line !== told && line !== '') log(line)
    told = line
  }
  while (!signal.aborted) {
    let failed = false
    try {
      tellOnce(await act())
    } catch (error) {
      // The server, the disk or the store: what mends by itself is tried again.
      tellOnce(`it did not work: ${withoutWords(messageOf(error))}`)
      failed = true
    }
    // What it woke others for before it failed would wake itself, again and again.
    await rest(every, signal, failed ? async () => false : woken)
  }
}

/** Until it is time to look again, or it is woken. */
async function rest(every: number, signal: AbortSignal, woken: () => Promise<boolean>): Promise<void> {
  const until = performance.now() + every
  for (let left = every; left > 0 && !signal.aborted; left = until - performance.now()) {
    await sleep(Math.min(left, WAKE_MS), undefined, { signal }).catch(() => undefined)
    // Where that cannot be told, it looks in time.
    if (!signal.aborted && (await woken().catch(() => false))) return
  }
}

async function start(
  desk: WorkerDesk,
  { kind = 'real', log, openTransport }: WorkerOptions,
  clock: Clock,
  interrupted: AbortSignal,
): Promise<string> {
  const through = async (): Promise<Transport> => {
    const transport = await openTransport()
    await transport.close()
    return transport
  }
  await startScheduled(desk, { kind, now: clock.now(), through, interrupted, log })
  return ''
}

/** Whether something is in flight, or waits for its time and not for a person. */
async function hasMore(desk: WorkerDesk, { kind = 'real' }: WorkerOptions): Promise<boolean> {
  // In this order: what is started between the two is in flight then.
  const scheduled = await desk.schedule.list(kind)
  if (scheduled.some(({ held }) => held === null)) return true
  const rounds = await desk.deliveries.rounds()
  return rounds.some((round) => round.kind === kind && /^(sending|freezing)$/.test(round.state))
}

/**
 * Sends what is due of one round, if anything is: of those that it can the one that was begun first.
 * @returns why it could not, or nothing
 */
async function turn(desk: WorkerDesk, options: Telling, clock: Clock): Promise<string> {
  let trouble: { readonly error: unknown } | null = null
  for (const round of (await desk.deliveries.rounds()).toReversed()) {
    // Of hundreds that are over it need not be asked.
    if (round.kind !== (options.kind ?? 'real') || round.state === 'done') continue
    if (!(await desk.reports.isDue(round.id, clock.now()))) continue
    try {
      return await goOn(desk, round, options, clock)
    } catch (error) {
      // What is wrong with one round holds up no other.
      trouble ??= { error }
    }
  }
  if (trouble !== null) throw trouble.error
  return ''
}

async function goOn(desk: WorkerDesk, found: Round, options: Telling, clock: Clock): Promise<string> {
  const lock = isShared(desk) ? null : await desk.lockSender()
  if (lock === null && !isShared(desk)) return `${found.issue}: another process is sending`
  try {
    // Under the lock: it may have been sent, paused or cancelled meanwhile.
    const round = await desk.deliveries.round(found.issue, found.kind)
    if (round === null || !(await desk.reports.isDue(round.id, clock.now()))) return ''
    if (round.state === 'cancelled' || round.state === 'paused') {
      const { unknown } = await desk.deliveries.recover(round.id)
      if (unknown === 0) return ''
      return `${round.issue}: ${round.state}; of ${unknown} on the wire then it is not known whether they have it`
    }
    if (round.kind === 'real') await refuseRestored(desk.deliveries, round.issue)
    // There is more than one batch, as far as is known; whoever is woken for nothing rests again.
    await tryWake(desk, round)
    await work(desk, round, options, clock)
    return ''
  } finally {
    await lock?.release()
  }
}

async function work(given: WorkerDesk, round: Round, options: Telling, clock: Clock): Promise<void> {
  const { log, openTransport, told } = options
  const { deliveries } = given
  let accepted = 0
  const say = sayOf(given, round)
  const advance = async (id: number, steps: readonly Step[]) => {
    const answers = await deliveries.advance(id, steps)
    if (steps.some(({ settle }) => settle !== null && settle.state !== 'queued')) say(null)
    accepted += steps.filter(({ settle }) => settle?.state === 'accepted').length
    return answers
  }
  // Others may send the same round: what they did is not told as this one's.
  const desk: WorkerDesk = { ...given, deliveries: { ...deliveries, advance } }
  const before = await readStatus(deliveries, round)
  const transport = await openTransport()
  const last = told.get(round.id)
  const now = {
    begun: `goes on through ${transport.label}`,
    ended: last?.ended ?? '',
    limits: last?.limits ?? '',
  }
  if (last?.begun !== now.begun) log(`${round.issue}: ${now.begun}, ${waiting(before)} waiting`)
  told.set(round.id, now)
  let toldAt = clock.now()
  try {
    const ended = await resumeRound(desk, round, {
      reconnectAfter(failures, reply) {
        const wait = reconnectWait(failures)
        const why = withoutWords(reply)
        log(`${round.issue}: the server cannot be reached, tried again in ${wait / 1_000} s: ${why}`)
        say(`the server cannot be reached, and is tried again by itself: ${reply}`)
        return wait
      },
      waitsForDays: true,
      onOtherLimits(says) {
        if (says !== now.limits) log(`${round.issue}: ${says}`)
        now.limits = says
      },
      ...options,
      transport,
      onProgress(status, _, usedUp) {
        if (clock.now() - toldAt < TELL_MS) return
        toldAt = clock.now()
        const waits =
          usedUp === null ? '' : `; ${usedUp.reason}, goes on at ${new Date(usedUp.until).toISOString()}`
        log(`${round.issue}: ${summary(status)}${waits}`)
      },
    })
    const status = await readStatus(desk.deliveries, ended)
    const due = await desk.deliveries.nextDue(round.id)
    const next = due === null ? '' : `; the next is due ${new Date(due).toISOString()}`
    const reason = status.reason === null ? '' : ` (${withoutWords(status.reason)})`
    // Whoever finds nothing left to take ends first; the last one says how it ended.
    const leaves = status.state === 'sending' && isShared(desk) && due === null
    const others = leaves && !options.interrupted.aborted ? '; others have the rest' : ''
    const how = `${status.state}${reason}`
    const more = `${accepted} more accepted${isShared(desk) ? ' here' : ''}`
    if (accepted > 0 || how !== now.ended)
      log(`${round.issue}: ${how}, ${more}; ${summary(status)}${next}${others}`)
    now.ended = how
    if (status.state !== 'sending') told.delete(round.id)
  } finally {
    await transport.close()
  }
}

/** Keeps with the round why it waits, for whoever looks at it; null: it does not. Where others send it too, they may well go on. */
function sayOf(desk: WorkerDesk, { id }: Round): (reason: string | null) => void {
  let said: string | null = null
  let writing: Promise<unknown> = Promise.resolve()
  return (reason) => {
    if (reason === said || isShared(desk)) return
    said = reason
    writing = writing
      .then(() => desk.deliveries.setState(id, 'sending', reason, 'sending'))
      // Sending does not hang on it; a store that is away is told where it is sent.
      .catch(() => undefined)
  }
}

function summary(status: RoundStatus): string {
  const { accepted, deferred, rejected, unknown } = status
  return [
    `${accepted} accepted`,
    `${waiting(status) - deferred} waiting`,
    `${deferred} deferred`,
    `${rejected} refused`,
    `${unknown} unknown`,
  ].join(', ')
}
