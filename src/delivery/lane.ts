import type { Commits } from './commits.ts'
import { messageOf, OnrecordError } from '../core/errors.ts'
import type { Noted, Queue } from './queue.ts'
import type { Begin, ClaimedDelivery, Settlement } from './round.ts'
import type { Connection, Envelope, WireMessage } from './transport.ts'

/*
 * One lane: one connection, and the messages that go over it one after another.
 *
 *   taken ──▶ made ──▶ offered ──▶ ready ──commit──▶ delivered ──▶ noted
 *     │         │         │           │                  │
 *     │         │         │           ├─ suppressed: its person left; withdrawn, done with
 *     │         │         │           ├─ stopped: the round was paused or cancelled; withdrawn, given back
 *     │         │         ├─ refused, server up: settled, never on the wire
 *     │         │         └─ server down or refuses us: waiting again, no attempt
 *     │         ├─ cannot be made of what the person is called: settled as rejected, no server heard of it
 *     │         └─ cannot be made for any other reason: given back, and the round halts
 *     └─ interrupted or halted at any point up to here: withdrawn where it was offered, given back
 *
 * On the connection, with C for the durable commit, that is:
 *
 *   offer 1 · C(1 on the wire) · body 1 + offer 2 · C(1 accepted, 2 on the wire) · body 2 + offer 3 · …
 *
 * So no octet of a body goes out before its row is `on_wire` on the disk, and the row before it is settled in
 * that same commit or an earlier one: a crash leaves at most one row a lane whose end is not known.
 *
 * While a body is on the wire the next message is offered already and the one after it is being made,
 * so that a slow signature costs no time on the wire. That takes three buffers, used in turn; one is
 * used again only once nothing can read it any more.
 */

/** What a lane is given; `commits` and `queue` are shared by all lanes of a round. */
export interface LaneOptions {
  readonly connection: Connection
  readonly queue: Queue
  readonly commits: Commits
  readonly now: () => number
  /** Aborted: what is on the wire is finished, what is merely offered is withdrawn. */
  readonly interrupted: AbortSignal
  readonly make: MakeMessage
  /** Octets that any message of the round fits in. */
  readonly room: number
}

/**
 * One person's message, dated by its first attempt, written to `into` where it fits. Throws, or
 * rejects, when it cannot be made: an OnrecordError where that is because of the person, anything else
 * where nobody's can be.
 */
export type MakeMessage = (
  delivery: ClaimedDelivery,
  date: number,
  into: Buffer,
) => MadeMessage | Promise<MadeMessage>

export interface MadeMessage extends WireMessage {
  /** Which keys signed it; null: none did. */
  readonly keyId: string | null
}

/** A delivery that was taken, on its way to be a message. */
interface Prepared {
  readonly delivery: ClaimedDelivery
  readonly date: number
  readonly memory: Buffer
  /** Settled once `message` or `problem` is there; null where they were at once. */
  making: Promise<void> | null
  message: MadeMessage | null
  /** Why this one cannot be made. */
  problem: string | null
  /** Why none can. */
  fault: string | null
}

/** Messages made ahead of the one on the wire: one that is offered, one that is being made. */
const AHEAD = 2

/**
 * Sends over one connection until nothing is left that may be sent now, or it may not go on.
 * @returns stopped: the round was paused or cancelled from elsewhere
 * @throws what the store threw: nothing of it went out
 */
export async function runLane(options: LaneOptions): Promise<'ended' | 'stopped'> {
  const { connection, queue, commits, now, interrupted } = options
  const ahead: Prepared[] = []
  const memory: Buffer[] = []
  /** The server has been told of `ahead[0]`. */
  let offered = false
  /** Ends the wait for an answer to an offer. */
  let giveUp: (() => void) | null = null
  const interrupt = (): void => giveUp?.()
  interrupted.addEventListener('abort', interrupt)

  const goesOn = (): boolean => !interrupted.aborted && queue.halted === null
  const take = (delivery: ClaimedDelivery): void => {
    ahead.push(prepare(options, delivery, memory.pop() ?? Buffer.allocUnsafeSlow(options.room)))
  }
  const fill = (count: number): void => {
    while (ahead.length < count) {
      const delivery = queue.nextNow()
      if (delivery === null) return
      take(delivery)
    }
  }
  /** The first of `ahead` has had its end. */
  const drop = (): void => {
    const done = ahead.shift()
    if (done !== undefined) memory.push(done.memory)
    offered = false
  }

  const settle = async (settled: Settlement): Promise<void> => {
    commits.note(settled)
    // A row that is waiting again must be in its place before anybody looks whether any is left.
    if (settled.state === 'queued' || ahead.length === 0) await commits.flush()
  }
  /** Null when interrupted meanwhile, for a server may take minutes to answer, and where nothing can be offered. */
  const offer = (envelope: Envelope): Promise<Awaited<ReturnType<Connection['offer']>> | null> =>
    new Promise((resolve) => {
      giveUp = () => resolve(null)
      connection.offer(envelope).then(resolve, (error: unknown) => {
        queue.halt(`no connection can be used: ${messageOf(error)}`)
        resolve(null)
      })
    })

  try {
    while (goesOn()) {
      if (ahead.length === 0) {
        const delivery = await queue.next()
        if (delivery === null) break
        take(delivery)
      }
      const current = ahead[0]
      if (current === undefined) break
      if (current.making !== null) await current.making
      const { delivery, message } = current
      if (current.fault !== null) {
        queue.halt(`no message can be made: ${current.fault}`)
        break
      }
      if (message === null) {
        queue.drop(delivery)
        drop()
        await settle(unmade(current, now()))
        continue
      }
      if (!goesOn()) break

      const answer = await offer(envelopeOf(message))
      offered = true
      if (answer === null) break
      if (answer.state !== 'ready') {
        drop()
        await settle(settlement(delivery, queue.note(delivery, answer), now(), beginOf(current, message)))
        continue
      }
      if (!goesOn()) break

      const begun = await commits.begin(beginOf(current, message))
      if (begun === 'stopped') return 'stopped'
      if (begun === 'suppressed') {
        connection.withdraw()
        queue.drop(delivery)
        drop()
        continue
      }
      ahead.shift()
      fill(1)
      const next = goesOn() ? (ahead[0]?.message ?? null) : null
      offered = next !== null
      const delivering = connection.deliver(message, next === null ? null : envelopeOf(next))
      fill(AHEAD)
      const outcome = await delivering
      memory.push(current.memory)
      await settle(settlement(delivery, queue.note(delivery, outcome), now()))
    }
    return 'ended'
  } finally {
    interrupted.removeEventListener('abort', interrupt)
    if (offered) connection.withdraw()
    for (const { delivery } of ahead) queue.giveBack(delivery)
    try {
      await commits.flush()
    } finally {
      await Promise.all([connection.close(), ...ahead.map(({ making }) => making)])
    }
  }
}

function prepare({ make, now }: LaneOptions, delivery: ClaimedDelivery, memory: Buffer): Prepared {
  const date = delivery.firstAttemptAt ?? now()
  const prepared: Prepared = {
    delivery,
    date,
    memory,
    making: null,
    message: null,
    problem: null,
    fault: null,
  }
  const fail = (error: unknown): void => {
    if (error instanceof OnrecordError) prepared.problem = messageOf(error)
    else prepared.fault = messageOf(error)
  }
  try {
    const made = make(delivery, date, memory)
    if (made instanceof Promise)
      prepared.making = made.then((message) => {
        prepared.message = message
      }, fail)
    else prepared.message = made
  } catch (error) {
    fail(error)
  }
  return prepared
}

function envelopeOf({ from, to, messageId, raw }: WireMessage): Envelope {
  return { from, to, messageId, size: raw.length }
}

function beginOf({ delivery, date }: Prepared, { messageId, keyId }: MadeMessage): Begin {
  return { id: delivery.id, messageId, at: date, keyId, address: delivery.address }
}

/** What is written of an attempt; `unbegun` where its content never was on the wire. */
function settlement(
  { id }: ClaimedDelivery,
  { outcome, nextAt }: Noted,
  at: number,
  unbegun?: Begin,
): Settlement {
  const settled = { id, at, reply: outcome.reply, class: null, nextAt: null, ...(unbegun && { unbegun }) }
  switch (outcome.state) {
    case 'accepted':
    case 'unknown':
      return { ...settled, state: outcome.state }
    case 'rejected':
      // Refused as a sender: the round halts, and this one waits with the others.
      if (outcome.class === 'fatal') return { ...settled, state: 'queued' }
      return { ...settled, state: 'rejected', class: outcome.class }
    case 'deferred':
      if (outcome.serverDown) return { ...settled, state: 'queued' }
      if (nextAt === null)
        return { ...settled, state: 'rejected', class: 'other', reply: `after 48 hours: ${outcome.reply}` }
      return { ...settled, state: 'deferred', nextAt }
  }
}

function unmade({ delivery, problem }: Prepared, at: number): Settlement {
  const reply = `not sent: ${problem ?? 'its message could not be made'}`
  return { id: delivery.id, at, state: 'rejected', class: 'other', nextAt: null, reply, unbegun: null }
}
