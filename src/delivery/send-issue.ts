import { setTimeout as sleep } from 'node:timers/promises'
import { systemClock, type Clock } from '../core/clock.ts'
import { OnrecordError } from '../core/errors.ts'
import type { Tier } from '../core/tier.ts'
import { composeMessage } from '../email/compose.ts'
import type { Edition } from '../email/edition.ts'
import { unsubscribeToken } from '../subscribers/unsubscribe-token.ts'
import { messageId, messageIdHost } from './message-id.ts'
import type { FrozenChange } from './frozen-change.ts'
import { freezeAnew, openRound, type OpenedRound, type OpenRoundOptions } from './open-round.ts'
import { createPace } from './pace.ts'
import type { SendingDesk } from './publish.ts'
import { createRateMeter } from './rate.ts'
import type { Round } from './round.ts'
import { sendRound, type Sending, type SendingEnd } from './send.ts'
import { readStatus, waiting, type RoundStatus } from './status.ts'
import type { SenderLock } from './store.ts'
import type { Transport } from './transport.ts'

export interface SendIssueOptions extends OpenRoundOptions {
  readonly transport: Transport
  /** Messages a second over all connections; null: no limit. */
  readonly sendRate?: number | null
  readonly interrupted?: AbortSignal
  readonly clock?: Clock
  /** From 0 to 1. */
  readonly random?: () => number
  readonly reconnectAfter?: (failures: number) => number | null
  /** Called a few times a second; `watching` while another process does the sending. */
  readonly onProgress?: (status: RoundStatus, watching: boolean) => void
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

const FREEZE_CHUNK = 1_000
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
  let round = await freeze(desk, opened.round, interrupted, report)
  const added = Math.max(0, (await readStatus(deliveries, round)).total - before.total)
  if (round.state === 'paused') round = await deliveries.setState(round.id, 'sending', null)

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
          round = await work(desk, await labelled(desk, round, options), { ...options, interrupted }, report)
      } finally {
        turn.lock.release()
      }
    } else if (opened.anew !== null) change = null
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

type Report = (round: Round, watching: boolean) => Promise<void>

function progress(
  { deliveries }: SendingDesk,
  { onProgress, clock = systemClock }: SendIssueOptions,
): Report {
  const meter = createRateMeter()
  return async (round, watching) => {
    if (onProgress === undefined) return
    const status = await readStatus(deliveries, round)
    onProgress({ ...status, rate: Math.round(meter.note(clock.now(), status.accepted) * 10) / 10 }, watching)
  }
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
    const lock = desk.lockSender()
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
  { transport }: SendIssueOptions,
): Promise<Round> {
  if (round.transport === transport.label || waiting(await readStatus(deliveries, round)) === 0) return round
  return deliveries.relabel(round.id, transport.label)
}

/** Sends what is waiting, as the only sender, and writes down how it ended. */
async function work(
  desk: SendingDesk,
  round: Round,
  options: SendIssueOptions & { readonly interrupted: AbortSignal },
  report: Report,
): Promise<Round> {
  const sending = await sendingOf(desk, round, options)
  let busy = false
  const timer = setInterval(() => {
    if (busy) return
    busy = true
    report(round, false)
      // Drawing progress is no reason to stop; the end of the round reads the rows again.
      .catch(() => undefined)
      .finally(() => (busy = false))
  }, PROGRESS_MS)
  try {
    return await conclude(desk, round, await sendRound(sending))
  } finally {
    clearInterval(timer)
    await report((await desk.deliveries.round(round.issue, round.kind)) ?? round, false)
  }
}

async function conclude({ deliveries }: SendingDesk, round: Round, end: SendingEnd): Promise<Round> {
  if (end.kind === 'stopped') return round
  if (end.kind === 'halted') {
    try {
      return await deliveries.setState(round.id, 'paused', end.reason)
    } catch (error) {
      // The store itself is the trouble: the rows say all the same where to go on.
      throw new OnrecordError('io', `The send stopped: ${end.reason}.`, {
        cause: error,
        hint: `mend it, then “onrecord send ${round.issue}” goes on`,
      })
    }
  }
  const status = await readStatus(deliveries, round)
  if (waiting(status) === 0) return deliveries.setState(round.id, 'done', null)
  if (end.kind === 'interrupted') return deliveries.setState(round.id, 'paused', 'interrupted')
  return deliveries.setState(
    round.id,
    'paused',
    `${status.deferred} deferred by the server, to be tried again`,
  )
}

async function sendingOf(
  desk: SendingDesk,
  round: Round,
  options: SendIssueOptions & { readonly interrupted: AbortSignal },
): Promise<Sending> {
  const { transport, clock = systemClock, random = Math.random, interrupted } = options
  const editions = await frozenEditions(desk, round)
  const { tokens } = desk
  return {
    store: desk.deliveries,
    round,
    transport,
    clock,
    random,
    interrupted,
    pace: createPace(options.sendRate ?? null),
    ...(options.reconnectAfter === undefined ? {} : { reconnectAfter: options.reconnectAfter }),
    async compose(delivery, date) {
      const edition = editions.get(delivery.tier)
      if (edition === undefined) throw new Error(`the ${delivery.tier} edition is missing`)
      const { baseUrl, from } = edition.envelope
      const who = { publicId: delivery.publicId, newsletter: round.newsletter }
      const id = messageId(tokens, round, delivery.publicId, messageIdHost(from.address))
      const raw = await composeMessage(edition, {
        address: delivery.address,
        messageId: id,
        date,
        unsubscribeUrl: `${baseUrl}/u/${unsubscribeToken(tokens, who)}`,
        subjectPrefix: '',
      })
      return { from: from.address, to: delivery.address, messageId: id, raw }
    },
  }
}

async function frozenEditions(desk: SendingDesk, round: Round): Promise<ReadonlyMap<Tier, Edition>> {
  const editions = new Map<Tier, Edition>()
  for (const tier of ['subscriber', 'member'] as const) {
    const edition = await desk.editions.get(round.editions[tier] ?? '')
    if (edition !== null) editions.set(tier, edition)
  }
  return editions
}
