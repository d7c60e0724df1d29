import type { Clock } from '../core/clock.ts'
import { messageOf, OnrecordError } from '../core/errors.ts'
import { createCommits } from './commits.ts'
import { runLane, type MakeMessage } from './lane.ts'
import type { Queue } from './queue.ts'
import type { Round } from './round.ts'
import type { DeliveryStore } from './store.ts'
import type { Transport } from './transport.ts'

/** What the sender is given. */
export interface Sending {
  readonly store: DeliveryStore
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
 * Why sending ended: drained (nothing is left that may be sent now), interrupted, stopped (paused or
 * cancelled from elsewhere), or halted by the server or the store, with the reason.
 */
export type SendingEnd =
  | { readonly kind: 'drained' | 'interrupted' | 'stopped' }
  | {
      readonly kind: 'halted'
      readonly reason: string
      /** When it may go on by itself, milliseconds since the epoch; null: a person is needed. */
      readonly resumesAt: number | null
    }

/**
 * Sends what is waiting in a round, over all connections of the transport (see `lane.ts`). The caller
 * holds the sender's lock.
 */
export async function sendRound(sending: Sending): Promise<SendingEnd> {
  const { store, round, transport, queue, clock, interrupted, make, room } = sending
  await store.recover(round.id)
  const commits = createCommits(store, round.id)
  let end: SendingEnd | null = null
  const lanes = Array.from({ length: transport.connections }, async () => {
    const options = { queue, commits, now: clock.now, interrupted, make, room }
    try {
      const ended = await runLane({ ...options, connection: transport.connect() })
      if (ended === 'stopped') end ??= { kind: 'stopped' }
    } catch (error) {
      // The store did not take a commit: nothing goes out that it does not know of.
      end = { kind: 'halted', reason: `the store could not be written: ${sentence(error)}`, resumesAt: null }
      queue.halt(end.reason)
    }
  })
  await Promise.all(lanes)
  if (queue.halted !== null) end ??= { kind: 'halted', reason: queue.halted, resumesAt: queue.resumesAt }
  const released = store.release(round.id)
  // The store itself may be the trouble; whoever sends next recovers what it did not release.
  await (end?.kind === 'halted' ? released.catch(() => undefined) : released)
  return end ?? { kind: interrupted.aborted ? 'interrupted' : 'drained' }
}

/** What was thrown and its next step, to stand within another sentence. */
function sentence(error: unknown): string {
  const said = messageOf(error).replace(/\.$/, '')
  return error instanceof OnrecordError && error.hint !== null ? `${said} (${error.hint})` : said
}
