import { setTimeout as sleep } from 'node:timers/promises'
import { systemClock } from '../core/clock.ts'
import { messageOf } from '../core/errors.ts'
import { conclude } from './conclude.ts'
import { agreeOnLimits, type AgreedLimits } from './agreed-limits.ts'
import { isShared } from './leases.ts'
import { noLimits } from './limits.ts'
import { openMessageMaker } from './make-message.ts'
import type { SendingDesk } from './publish.ts'
import { createQueue, type Queue } from './queue.ts'
import { reconnectAfter } from './retry.ts'
import type { Round } from './round.ts'
import type { ProgressOptions, Report } from './round-progress.ts'
import { sendRound, type Sending, type SendingEnd } from './send.ts'
import { readStatus, waiting } from './status.ts'
import type { Transport } from './transport.ts'
import type { Sleep } from './waiting.ts'

export interface WorkOptions extends ProgressOptions {
  readonly transport: Transport
  /** Whether the next day of a warm-up is waited for; else the send ends and says when it goes on. */
  readonly waitsForDays?: boolean
  readonly interrupted?: AbortSignal
  /** From 0 to 1. */
  readonly random?: () => number
  /** Wait, in milliseconds, before an unreachable server is tried again; null: the round is paused. */
  readonly reconnectAfter?: (failures: number, reply: string) => number | null
  /** Told where others send through the server with other limits. */
  readonly onOtherLimits?: (says: string) => void
  /** How often others are asked for their limits, in milliseconds; see `agreeOnLimits`. */
  readonly agreeEvery?: number
  readonly sleep?: Sleep
}

interface SharedWorkOptions extends WorkOptions {
  readonly interrupted: AbortSignal
  /** Whether it waits for what other workers have on hand, and takes over what they leave. */
  readonly staysToTheEnd?: boolean
}

const PROGRESS_MS = 250
/** How often it is looked whether other workers have left something. */
const LINGER_MS = 500
/** Why a queue was halted that another follows at once. */
const OTHER_LIMITS = 'other limits hold now'

/** Whether other workers have something on hand that may come back, should they end. */
async function othersHave({ deliveries }: SendingDesk, round: Round): Promise<boolean> {
  const now = await deliveries.round(round.issue, round.kind)
  if (now?.id !== round.id || now.state !== 'sending') return false
  const { queued, claimed, onWire } = await readStatus(deliveries, now)
  return queued + claimed + onWire > 0
}

/** A server that this process cannot reach, and others may, halts this process alone. */
async function withoutOthers({ leases = null }: SendingDesk, end: SendingEnd): Promise<SendingEnd> {
  if (end.kind !== 'halted' || (await leases?.anySending().catch(() => false)) !== true) return end
  return { kind: 'cut off', reason: end.reason }
}

/** Sends what is waiting, with others where several may, and writes down how it ended. */
export async function workRound(
  desk: SendingDesk,
  opened: Round,
  given: SharedWorkOptions,
  report: Report,
  interruptedIs: 'paused' | 'sending',
): Promise<Round> {
  const round = await labelled(desk, opened, given)
  let isCutOff = false
  const options: SharedWorkOptions = {
    ...given,
    reconnectAfter(failures, reply) {
      const wait = (given.reconnectAfter ?? reconnectAfter)(failures, reply)
      isCutOff ||= wait === null
      return wait
    },
  }
  // A day's share of a warm-up was used up, and it is another day.
  if (round.reason !== null) await desk.deliveries.setState(round.id, 'sending', null, 'sending')
  const agreed = await agree(desk, given)
  const queueNow = (): Queue => queueOf(desk, round, { ...options, limits: agreed.limits })
  let sending: Sending
  try {
    sending = await sendingOf(desk, round, options, queueNow)
  } catch (error) {
    agreed.end()
    const reason = `no message can be made: ${messageOf(error).replace(/\.$/, '')}`
    return conclude(desk, round, { kind: 'halted', reason, resumesAt: null }, interruptedIs)
  }
  agreed.onChange(() => sending.queue.halt(OTHER_LIMITS))
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
    for (;;) {
      const ended = await sendRound(sending)
      if (ended.kind === 'halted' && ended.reason === OTHER_LIMITS) {
        isCutOff = false
        sending = { ...sending, queue: queueNow() }
        continue
      }
      const end = isCutOff ? await withoutOthers(desk, ended) : ended
      const lingers = options.staysToTheEnd === true && isShared(desk) && end.kind === 'drained'
      if (!lingers || !(await othersHave(desk, round))) return await conclude(desk, round, end, interruptedIs)
      await sleep(LINGER_MS, undefined, { signal: options.interrupted }).catch(() => undefined)
      sending = { ...sending, queue: queueNow() }
    }
  } finally {
    agreed.end()
    clearInterval(timer)
    await report((await desk.deliveries.round(round.issue, round.kind)) ?? round, false, true)
  }
}

function agree({ commonLimits = null }: SendingDesk, options: SharedWorkOptions): Promise<AgreedLimits> {
  const { limits, clock = systemClock, transport, onOtherLimits, agreeEvery } = options
  return agreeOnLimits({
    ...{ commonLimits, server: transport.label, own: { ...noLimits, ...limits }, now: () => clock.now() },
    ...{ onOthers: onOtherLimits, every: agreeEvery },
  })
}

async function sendingOf(
  desk: SendingDesk,
  round: Round,
  options: SharedWorkOptions,
  queueNow: () => Queue,
): Promise<Sending> {
  const { transport, clock = systemClock, interrupted } = options
  return {
    ...(await openMessageMaker(desk, round)),
    ...{ store: desk.deliveries, leases: desk.leases ?? null, round, transport, clock, interrupted },
    // Last, so that no change of limits comes between.
    queue: queueNow(),
  }
}

function queueOf({ deliveries, pace = null }: SendingDesk, round: Round, options: SharedWorkOptions): Queue {
  const { transport, clock = systemClock, random = Math.random, interrupted } = options
  return createQueue({
    store: deliveries,
    round,
    clock,
    random,
    connections: transport.connections,
    interrupted,
    waitsForDays: options.waitsForDays ?? false,
    limits: { ...noLimits, ...options.limits },
    shared: pace === null ? null : { pace, server: transport.label },
    ...(options.reconnectAfter === undefined ? {} : { reconnectAfter: options.reconnectAfter }),
    ...(options.sleep === undefined ? {} : { sleep: options.sleep }),
  })
}

/** Another server than the one it began with may send the rest. */
async function labelled(
  { deliveries }: SendingDesk,
  round: Round,
  { transport }: WorkOptions,
): Promise<Round> {
  if (round.transport === transport.label || waiting(await readStatus(deliveries, round)) === 0) return round
  return deliveries.relabel(round.id, transport.label)
}
