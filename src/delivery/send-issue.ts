import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises'
import type { FrozenChange } from './frozen-change.ts'
import { isShared } from './leases.ts'
import { freezeAnew, openRound, type OpenedRound, type OpenRoundOptions } from './open-round.ts'
import type { SendingDesk } from './publish.ts'
import type { Round } from './round.ts'
import { createProgress, type Report } from './round-progress.ts'
import { readStatus, type RoundStatus } from './status.ts'
import type { SenderLock } from './store.ts'
import type { Transport } from './transport.ts'
import { tryWake } from './wakes.ts'
import { workRound, type WorkOptions } from './work-round.ts'

export interface SendIssueOptions extends OpenRoundOptions, WorkOptions {
  readonly transport: Transport
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
  const report = createProgress(desk, options)
  const before = await readStatus(deliveries, opened.round)
  let round = await freeze(desk, await goOn(desk, opened.round), interrupted, report)
  const added = Math.max(0, (await readStatus(deliveries, round)).total - before.total)
  // Stopped by a person: no worker goes on with it.
  if (round.state === 'freezing') round = await deliveries.setState(round.id, 'paused', 'interrupted')

  if (round.state === 'sending') {
    const turn = await takeTurn(desk, round, opened, interrupted, report)
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
        // Others may send what is frozen now as well as this process.
        if (isShared(desk)) await turn.lock.release()
        // Of what was going on before this call, others are sending.
        const left = isShared(desk) && !setGoing(opened) ? 'sending' : 'paused'
        if (round.state === 'sending') await tryWake(desk, round)
        if (round.state === 'sending')
          round = await workRound(desk, round, { ...options, interrupted, staysToTheEnd: true }, report, left)
      } finally {
        await turn.lock.release()
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

/**
 * Goes on with a round that is `sending` or `freezing`, from what was frozen alone; the caller holds the
 * sender's lock, where one sends at a time. Interrupted, it leaves the round as it is: whoever works next goes on.
 */
export async function resumeRound(desk: SendingDesk, round: Round, options: WorkOptions): Promise<Round> {
  const interrupted = options.interrupted ?? new AbortController().signal
  const report = createProgress(desk, options)
  const frozen = await freeze(desk, round, interrupted, report)
  if (frozen.state !== 'sending') return frozen
  return workRound(desk, frozen, { ...options, interrupted }, report, 'sending')
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

/** The right to send, which nobody has to wait for where several may; but freezing anew is done by one. */
async function takeTurn(
  desk: SendingDesk,
  round: Round,
  { anew }: OpenedRound,
  interrupted: AbortSignal,
  report: Report,
): Promise<{ readonly lock: SenderLock; readonly round: Round } | null> {
  if (isShared(desk) && anew === null) return { lock: { release: () => undefined }, round }
  return waitForLock(desk, round, interrupted, report)
}

/** The right to send; while another process has it, watches; null when there is nothing left to do. */
async function waitForLock(
  desk: SendingDesk,
  round: Round,
  interrupted: AbortSignal,
  report: Report,
): Promise<{ readonly lock: SenderLock; readonly round: Round } | null> {
  for (;;) {
    const lock = await desk.lockSender(round.id)
    // Read under the lock: the one who had it may have ended the round, or frozen it anew.
    const now = (await desk.deliveries.round(round.issue, round.kind)) ?? round
    if (lock !== null) {
      if (isGoingOn(now)) return { lock, round: now }
      await lock.release()
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
