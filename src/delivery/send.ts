import type { Clock } from '../core/clock.ts'
import { messageOf, OnrecordError } from '../core/errors.ts'
import { createCommits } from './commits.ts'
import { runLane, type MakeMessage } from './lane.ts'
import { keepLeases, type Leases } from './leases.ts'
import type { Queue } from './queue.ts'
import type { Round } from './round.ts'
import type { DeliveryStore } from './store.ts'
import type { Transport } from './transport.ts'

/** What the sender is given. */
export interface Sending {
  readonly store: DeliveryStore
  /** Where several send one round; null: the caller is the only one. */
  readonly leases: Leases | null
  /** As it was when its messages were looked up: what is frozen anew later is not sent by this call. */
  readonly round: Round
  readonly transport: Transport
  readonly queue: Queue
  readonly clock: Clock
  /** Aborted: what is on the wire is finished and saved, nothing else is begun. */
  readonly interrupted: AbortSignal
  readonly make: MakeMessage
  /** Octets that any message of the round fits in. */
  readonly room: number
}

/**
 * Why sending ended: drained (nothing is left that may be sent now, by this worker), interrupted, stopped (paused or
 * cancelled from elsewhere), halted for everybody by the server or the store, with the reason; or this one of several
 * workers was cut off from the store, or from a server to which others send, which they need not be.
 */
export type SendingEnd =
  | { readonly kind: 'drained' | 'interrupted' | 'stopped' }
  | { readonly kind: 'cut off'; readonly reason: string }
  | {
      readonly kind: 'halted'
      readonly reason: string
      /** When it may go on by itself, milliseconds since the epoch; null: a person is needed. */
      readonly resumesAt: number | null
    }

/** More lanes than this come together by themselves, and are faster where some are on the wire meanwhile. */
const TOGETHER = 5

/**
 * Sends what is waiting in a round, over all connections of the transport (see `lane.ts`). The caller
 * holds the sender's lock, or shares the round with others by `leases`.
 */
export async function sendRound(sending: Sending): Promise<SendingEnd> {
  const { store, leases, round, transport, queue, clock, interrupted, make, room } = sending
  await store.recover(round.id, round.startedAt)
  const kept = leases === null ? null : keepLeases(leases, round.id)
  // Where others share the round, a commit is a way to another process and back.
  const together = leases === null ? 1 : Math.min(transport.connections, TOGETHER)
  const commits = createCommits(store, round.id, together)
  let end: SendingEnd | null = null
  const lanes = Array.from({ length: transport.connections }, async () => {
    const options = { queue, commits, now: clock.now, interrupted, make, room }
    try {
      const ended = await runLane({ ...options, connection: transport.connect() })
      if (ended === 'stopped') end ??= { kind: 'stopped' }
    } catch (error) {
      // The store did not take a commit: nothing goes out that it does not know of.
      const reason = `the store could not be written: ${sentence(error)}`
      end = leases === null ? { kind: 'halted', reason, resumesAt: null } : { kind: 'cut off', reason }
      queue.halt(reason)
    }
  })
  await Promise.all(lanes)
  kept?.end()
  await queue.end().catch(() => undefined)
  if (queue.halted !== null) end ??= { kind: 'halted', reason: queue.halted, resumesAt: queue.resumesAt }
  const released = store.release(round.id)
  // The store itself may be the trouble; whoever sends next recovers what it did not release.
  await (queue.halted === null ? released : released.catch(() => undefined))
  return end ?? { kind: interrupted.aborted ? 'interrupted' : 'drained' }
}

/** What was thrown and its next step, to stand within another sentence. */
function sentence(error: unknown): string {
  const said = messageOf(error).replace(/\.$/, '')
  return error instanceof OnrecordError && error.hint !== null ? `${said} (${error.hint})` : said
}
