import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises'
import { systemClock, type Clock } from '../core/clock.ts'
import { messageOf } from '../core/errors.ts'
import { conclude } from './conclude.ts'
import type { FrozenChange } from './frozen-change.ts'
import { noLimits, readUsedUp, type Limits, type UsedUp } from './limits.ts'
import { openMessageMaker } from './make-message.ts'
import { freezeAnew, openRound, type OpenedRound, type OpenRoundOptions } from './open-round.ts'
import type { SendingDesk } from './publish.ts'
import { createQueue, type Queue } from './queue.ts'
import { createRateMeter } from './rate.ts'
import type { Round } from './round.ts'
import { sendRound, type Sending } from './send.ts'
import { readStatus, waiting, type RoundStatus } from './status.ts'
import type { SenderLock } from './store.ts'
import type { Transport } from './transport.ts'
import type { Sleep } from './waiting.ts'

export interface SendIssueOptions extends OpenRoundOptions {
  readonly transport: Transport
  /** How many may begin; default: no limit. */
  readonly limits?: Partial<Limits>
  /** Whether the next day of a warm-up is waited for; else the send ends and says when it goes on. */
  readonly waitsForDays?: boolean
  readonly interrupted?: AbortSignal
  readonly clock?: Clock
  /** From 0 to 1. */
  readonly random?: () => number
  /** Wait, in milliseconds, before an unreachable server is tried again; null: the round is paused. */
  readonly reconnectAfter?: (failures: number, reply: string) => number | null
  readonly sleep?: Sleep
  /**
   * Called a few times a second; `watching` while another process does the sending, `usedUp` while a
   * limit holds it up.
   */
  readonly onProgress?: (status: RoundStatus, watching: boolean, usedUp: UsedUp | null) => void
  /** Called before anything goes out, where the files are not what had been frozen. */
  readonly onChange?: (change: FrozenChange, how: OpenedRound['how']) => void
}

/** How a `send` ended. */
export interface SendReport {
  readonly status: RoundStatus
  readonly kind: Round['kind']
  readonly how: OpenedRound['how']
  /** How the files stood to what had been frozen; null: the same, or all of it is new. */
  readonly change: FrozenChange | null
  /** People added to the round by this call. */
  readonly added: number
  /** Accepted before this call. */
  readonly acceptedBefore: number
  readonly interrupted: boolean
  /** When the next deferred delivery may be tried again, milliseconds since the epoch; or null. */
  readonly nextDue: number | null
}

const FREEZE_CHUNK = 2_500
const PROGRESS_MS = 250

/**
 * Sends an issue: freezes the audience, or goes on where it stopped, and mails everybody once.
 * Whatever ends this process, and whenever, calling it again is safe.
 * @throws OnrecordError `refused` for what must not be sent (see `openRound`)
 */
export async function sendIssue(
  desk: SendingDesk,
  issue: string,
  options: SendIssueOptions,
): Promise<SendReport> {
  const { deliveries } = desk
  const interrupted = options.interrupted ?? new AbortController().signal
  const opened = await openRound(desk, issue, options)
  let { change } = opened
  if (change !== null && change.kind !== 'refrozen') options.onChange?.(change, opened.how)
  const report = progress(desk, options)
  const before = await readStatus(deliveries, opened.round)
  let round = await freeze(desk, await goOn(desk, opened.round), interrupted, report)
  const added = Math.max(0, (await readStatus(deliveries, round)).total - before.total)
  // Stopped by a person: no worker goes on with it.
  if (round.state === 'freezing') round = await deliveries.setState(round.id, 'paused', 'interrupted')

  if (round.state === 'sending') {
    const turn = await waitForLock(desk, round, interrupted, report)
    if (turn !== null) {
      try {
        round = turn.round
        if (opened.anew !== null && change !== null) {
          const anew = await freezeAnew(desk, round, opened.anew, options)
          // Another process was sending it while this one waited.
          if (anew === null) change = { ...change, kind: 'kept' }
          options.onChange?.(change, opened.how)
          round = anew ?? round
        }
        round = await freeze(desk, round, interrupted, report)
        if (round.state === 'sending')
          round = await work(
            desk,
            await labelled(desk, round, options),
            { ...options, interrupted },
            report,
            'paused',
          )
      } finally {
        turn.lock.release()
      }
    } else {
      if (opened.anew !== null) change = null
      // It waited for another issue. What was going on before this call, others may be sending.
      if (interrupted.aborted && setGoing(opened))
        await deliveries.setState(round.id, 'paused', 'interrupted', 'sending')
    }
  }
  round = (await deliveries.round(issue, round.kind)) ?? round
  return {
    status: await readStatus(deliveries, round, undefined),
    kind: round.kind,
    how: opened.how,
    change,
    added,
    acceptedBefore: before.accepted,
    interrupted: interrupted.aborted && round.state !== 'done',
    nextDue: await deliveries.nextDue(round.id),
  }
}

/** What going on with a round takes: nothing of its files. */
export type ResumeOptions = Omit<SendIssueOptions, 'ready' | 'publish' | 'onChange'>

/**
 * Goes on with a round that is `sending` or `freezing`, from what was frozen alone; the caller holds the
 * sender's lock. Interrupted, it leaves the round as it is: whoever works next goes on.
 */
export async function resumeRound(desk: SendingDesk, round: Round, options: ResumeOptions): Promise<Round> {
  const interrupted = options.interrupted ?? new AbortController().signal
  const report = progress(desk, options)
  const frozen = await freeze(desk, round, interrupted, report)
  if (frozen.state !== 'sending') return frozen
  return work(desk, await labelled(desk, frozen, options), { ...options, interrupted }, report, 'sending')
}

/** `always`: the last one of a round; others are left out where counting the rows would hold up the sending. */
type Report = (
  round: Round,
  watching: boolean,
  always?: boolean,
  queue?: Pick<Queue, 'usedUp'>,
) => Promise<void>

/** What counting the rows may take of the time: a million take 75 ms. */
const PROGRESS_SHARE = 0.04

function progress({ deliveries }: SendingDesk, options: ResumeOptions): Report {
  const { onProgress, clock = systemClock } = options
  const limits = { ...noLimits, ...options.limits }
  const meter = createRateMeter()
  let from = 0
  return async (round, watching, always = false, queue) => {
    const begun = performance.now()
    if (onProgress === undefined || (begun < from && !always)) return
    const counted = await readStatus(deliveries, round)
    const others = watching && round.state === 'sending' && round.kind === 'real'
    const usedUp = others ? await readUsedUp(deliveries, limits, clock.now()) : (queue?.usedUp ?? null)
    const now = performance.now()
    from = now + (now - begun) / PROGRESS_SHARE
    const rate = Math.round(meter.note(clock.now(), counted.accepted) * 10) / 10
    onProgress({ ...counted, rate }, watching, usedUp)
  }
}

/** Whether this call is what set a round going. */
function setGoing({ how, round }: OpenedRound): boolean {
  return how !== 'resumed' || round.state === 'paused'
}

/** What was paused while it was freezing is not frozen whole. */
async function goOn({ deliveries }: SendingDesk, round: Round): Promise<Round> {
  if (round.state !== 'paused') return round
  return deliveries.setState(round.id, round.total === null ? 'freezing' : 'sending', null)
}

/** One row a person, in chunks; an interruption leaves it to be resumed. */
async function freeze(
  { deliveries }: SendingDesk,
  round: Round,
  interrupted: AbortSignal,
  report: Report,
): Promise<Round> {
  if (round.state !== 'freezing') return round
  for (;;) {
    if (interrupted.aborted) return round
    const { more } = await deliveries.freezeChunk(round.id, FREEZE_CHUNK)
    if (!more) return deliveries.seal(round.id)
    await report(round, false)
    // A signal is seen between two chunks.
    await turn()
  }
}

/** The right to send; while another process has it, watches; null when there is nothing left to do. */
async function waitForLock(
  desk: SendingDesk,
  round: Round,
  interrupted: AbortSignal,
  report: Report,
): Promise<{ readonly lock: SenderLock; readonly round: Round } | null> {
  for (;;) {
    const lock = await desk.lockSender()
    // Read under the lock: the one who had it may have ended the round, or frozen it anew.
    const now = (await desk.deliveries.round(round.issue, round.kind)) ?? round
    if (lock !== null) {
      if (isGoingOn(now)) return { lock, round: now }
      lock.release()
      return null
    }
    await report(now, true)
    if (!isGoingOn(now) || interrupted.aborted) return null
    await sleep(PROGRESS_MS, undefined, { signal: interrupted }).catch(() => undefined)
  }
}

/** Another process may be freezing it anew. */
function isGoingOn({ state }: Round): boolean {
  return state === 'sending' || state === 'freezing'
}

/** Another server than the one it began with may send the rest. */
async function labelled(
  { deliveries }: SendingDesk,
  round: Round,
  { transport }: ResumeOptions,
): Promise<Round> {
  if (round.transport === transport.label || waiting(await readStatus(deliveries, round)) === 0) return round
  return deliveries.relabel(round.id, transport.label)
}

/** Sends what is waiting, as the only sender, and writes down how it ended. */
async function work(
  desk: SendingDesk,
  round: Round,
  options: ResumeOptions & { readonly interrupted: AbortSignal },
  report: Report,
  interruptedIs: 'paused' | 'sending',
): Promise<Round> {
  // A day's share of a warm-up was used up, and it is another day.
  if (round.reason !== null) await desk.deliveries.setState(round.id, 'sending', null, 'sending')
  let sending: Sending
  try {
    sending = await sendingOf(desk, round, options)
  } catch (error) {
    const reason = `no message can be made: ${messageOf(error).replace(/\.$/, '')}`
    return conclude(desk, round, { kind: 'halted', reason, resumesAt: null }, interruptedIs)
  }
  let busy = false
  const timer = setInterval(() => {
    if (busy) return
    busy = true
    report(round, false, false, sending.queue)
      // Drawing progress is no reason to stop; the end of the round reads the rows again.
      .catch(() => undefined)
      .finally(() => (busy = false))
  }, PROGRESS_MS)
  try {
    return await conclude(desk, round, await sendRound(sending), interruptedIs)
  } finally {
    clearInterval(timer)
    await report((await desk.deliveries.round(round.issue, round.kind)) ?? round, false, true)
  }
}

async function sendingOf(
  desk: SendingDesk,
  round: Round,
  options: ResumeOptions & { readonly interrupted: AbortSignal },
): Promise<Sending> {
  const { transport, clock = systemClock, random = Math.random, interrupted } = options
  const { deliveries } = desk
  return {
    ...(await openMessageMaker(desk, round)),
    store: deliveries,
    round,
    transport,
    clock,
    interrupted,
    queue: createQueue({
      store: deliveries,
      round,
      clock,
      random,
      connections: transport.connections,
      interrupted,
      waitsForDays: options.waitsForDays ?? false,
      limits: { ...noLimits, ...options.limits },
      ...(options.reconnectAfter === undefined ? {} : { reconnectAfter: options.reconnectAfter }),
      ...(options.sleep === undefined ? {} : { sleep: options.sleep }),
    }),
  }
}
