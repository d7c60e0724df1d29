import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../core/clock.ts'
import { messageOf } from '../core/errors.ts'
import { createCommits, type Commits } from './commits.ts'
import type { Pace } from './pace.ts'
import { reconnectAfter, retryAt } from './retry.ts'
import type { ClaimedDelivery, Round, Settlement } from './round.ts'
import type { DeliveryStore } from './store.ts'
import type { Outcome, Transport, WireMessage } from './transport.ts'

/** What the sender is given. */
export interface Sending {
  readonly store: DeliveryStore
  readonly round: Round
  readonly transport: Transport
  readonly clock: Clock
  readonly pace: Pace
  /** From 0 to 1. */
  readonly random: () => number
  /** Aborted: what is on the wire is finished and saved, nothing else is begun. */
  readonly interrupted: AbortSignal
  /** One person's message; `date` is that of the first attempt. Throws when it cannot be made. */
  readonly compose: (delivery: ClaimedDelivery, date: number) => Promise<WireMessage>
  /** Wait before an unreachable server is tried again, or null to give up. */
  readonly reconnectAfter?: (failures: number) => number | null
}

/**
 * Why sending ended: drained (nothing is left that may be sent now), interrupted, stopped (paused or
 * cancelled from elsewhere), or halted by the server, with the reason.
 */
export type SendingEnd =
  | { readonly kind: 'drained' | 'interrupted' | 'stopped' }
  | { readonly kind: 'halted'; readonly reason: string }

/** Rows taken at a time, for each connection. */
const ROWS_PER_LANE = 50

/**
 * Sends what is waiting in a round, over all connections of the transport. The caller holds the
 * sender's lock. A row is `on_wire` on the disk before the transport is given its message; what
 * became of it is committed together with the next one's `on_wire`.
 */
export async function sendRound(sending: Sending): Promise<SendingEnd> {
  const { store, round, transport, interrupted } = sending
  await store.recover(round.id)
  const shared = share(sending)
  const lanes = Array.from({ length: transport.connections }, async () => {
    try {
      await lane(sending, shared)
    } catch (error) {
      // The store did not take a commit: nothing may go out that it does not know of.
      shared.end = { kind: 'halted', reason: `the store could not be written: ${messageOf(error)}` }
    }
  })
  await Promise.all(lanes)
  if (shared.end?.kind !== 'halted') await store.release(round.id)
  else await store.release(round.id).catch(() => undefined)
  return shared.end ?? { kind: interrupted.aborted ? 'interrupted' : 'drained' }
}

/** What the lanes share. */
interface Shared {
  readonly commits: Commits
  next(): Promise<ClaimedDelivery | null>
  /** Times in a row that the server could not be reached. */
  failures: number
  /** Nothing is begun before this time, while the server is down. */
  downUntil: number
  end: SendingEnd | null
}

function share({ store, round, transport }: Sending): Shared {
  let taken: ClaimedDelivery[] = []
  let filling: Promise<boolean> | null = null
  const fill = async (): Promise<boolean> => {
    taken = [...(await store.claim(round.id, ROWS_PER_LANE * transport.connections))].toReversed()
    filling = null
    return taken.length > 0
  }
  return {
    commits: createCommits(store, round.id),
    failures: 0,
    downUntil: 0,
    end: null,
    async next() {
      for (;;) {
        const delivery = taken.pop()
        if (delivery !== undefined) return delivery
        filling ??= fill()
        if (!(await filling)) return null
      }
    },
  }
}

/** A message and the row that goes on the wire with it; or why the message cannot be made. */
type Prepared =
  | { readonly delivery: ClaimedDelivery; readonly message: WireMessage; readonly date: number }
  | { readonly delivery: ClaimedDelivery; readonly problem: string }

/** One connection's worth of work: one message on the wire at a time, the next one made meanwhile. */
async function lane(sending: Sending, shared: Shared): Promise<void> {
  const { transport, clock } = sending
  const { commits } = shared
  let settle: Settlement | null = null
  const flush = async (): Promise<void> => {
    if (settle !== null) await commits.write({ settle, begin: null })
    settle = null
  }
  let prepared = await prepare(sending, shared)
  while (prepared !== null && goesOn(sending, shared)) {
    if ('problem' in prepared) {
      await flush()
      settle = unsendable(prepared.delivery, prepared.problem, clock.now())
      prepared = await prepare(sending, shared)
      continue
    }
    const wait = Math.max(sending.pace.take(clock.now()), shared.downUntil - clock.now())
    if (wait > 0) {
      await flush()
      await pause(wait, sending.interrupted)
      if (!goesOn(sending, shared)) break
    }
    const { delivery, message, date } = prepared
    const begin = { id: delivery.id, messageId: message.messageId, at: date }
    const begun = await commits.write({ settle, begin })
    settle = null
    if (begun === 'stopped') shared.end ??= { kind: 'stopped' }
    if (begun === 'begun') {
      const following = prepare(sending, shared)
      // Looked at below; meanwhile a failure of it must not end the process.
      following.catch(() => undefined)
      const outcome = await transport.send(message)
      settle = settlement(delivery, date, outcome, sending)
      judge(outcome, sending, shared)
      // A row that goes back must be there before anybody looks whether any is left.
      if (settle.state === 'queued') await flush()
      prepared = await following
    } else prepared = null
    if (prepared === null && goesOn(sending, shared)) prepared = await prepare(sending, shared)
  }
  await flush()
}

function goesOn({ interrupted }: Sending, { end }: Shared): boolean {
  return end === null && !interrupted.aborted
}

async function prepare(sending: Sending, shared: Shared): Promise<Prepared | null> {
  const delivery = await shared.next()
  if (delivery === null) return null
  const date = delivery.firstAttemptAt ?? sending.clock.now()
  try {
    return { delivery, date, message: await sending.compose(delivery, date) }
  } catch (error) {
    return { delivery, problem: messageOf(error) }
  }
}

/** Counts the server's failures, once for all lanes that met the same one. */
function judge(outcome: Outcome, sending: Sending, shared: Shared): void {
  if (outcome.state === 'rejected' && outcome.class === 'fatal')
    shared.end ??= { kind: 'halted', reason: `the server refuses us: ${outcome.reply}` }
  if (outcome.state !== 'deferred' || !outcome.serverDown) {
    shared.failures = 0
    return
  }
  const now = sending.clock.now()
  if (now < shared.downUntil) return
  shared.failures += 1
  const wait = (sending.reconnectAfter ?? reconnectAfter)(shared.failures)
  if (wait === null)
    shared.end ??= { kind: 'halted', reason: `the server cannot be reached: ${outcome.reply}` }
  else shared.downUntil = now + wait
}

function settlement(
  { id, attempts }: ClaimedDelivery,
  date: number,
  outcome: Outcome,
  { clock, random }: Sending,
): Settlement {
  const at = clock.now()
  const settled = { id, at, reply: outcome.reply, class: null, nextAt: null }
  switch (outcome.state) {
    case 'accepted':
    case 'unknown':
      return { ...settled, state: outcome.state }
    case 'rejected':
      // Refused as a sender: the round halts, and this one waits with the others.
      if (outcome.class === 'fatal') return { ...settled, state: 'queued' }
      return { ...settled, state: 'rejected', class: outcome.class }
    case 'deferred': {
      if (outcome.serverDown) return { ...settled, state: 'queued' }
      const nextAt = retryAt(attempts + 1, date, at, random())
      if (nextAt === null)
        return { ...settled, state: 'rejected', class: 'other', reply: `after 48 hours: ${outcome.reply}` }
      return { ...settled, state: 'deferred', nextAt }
    }
  }
}

function unsendable({ id }: ClaimedDelivery, problem: string, at: number): Settlement {
  return { id, at, state: 'rejected', class: 'other', nextAt: null, reply: `not sent: ${problem}` }
}

async function pause(milliseconds: number, interrupted: AbortSignal): Promise<void> {
  // An interruption ends the wait early, and the lane sees it.
  await sleep(milliseconds, undefined, { signal: interrupted }).catch(() => undefined)
}
