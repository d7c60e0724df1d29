import { createQueue } from '../../src/delivery/queue.ts'
import type { QueueOptions } from '../../src/delivery/queue-options.ts'
import type { ClaimedDelivery, DeliveryState } from '../../src/delivery/round.ts'
import type { BegunMessages } from '../../src/delivery/store.ts'
import type { Outcome } from '../../src/delivery/transport.ts'
import type { VirtualTime } from './virtual-time.ts'

/** A delivery of the simulation, as its store knows it. */
export interface SimulatedRow {
  readonly id: number
  readonly address: string
  state: DeliveryState
  nextAt: number
  attempts: number
  firstAttemptAt: number | null
  reply: string
}

export interface Simulation {
  readonly time: VirtualTime
  readonly addresses: readonly string[]
  /** What becomes of an attempt, and how long it takes. */
  server(address: string, now: number, attempts: number): { readonly outcome: Outcome; readonly took: number }
  readonly lanes?: number
  readonly options?: Partial<QueueOptions>
  readonly begunBefore?: readonly BegunMessages[]
}

export interface Simulated {
  readonly rows: readonly SimulatedRow[]
  /** Every attempt, in order. */
  readonly attempts: readonly { readonly address: string; readonly at: number }[]
  readonly halted: string | null
  readonly resumesAt: number | null
  /** Rows that were begun while another lane had them. */
  readonly twice: number
}

export const accepted: Outcome = { state: 'accepted', reply: '250 2.0.0 ok' }
export const greylisted: Outcome = { state: 'deferred', reply: '450 4.7.1 greylisted', serverDown: false }
export const tooMany: Outcome = { state: 'deferred', reply: '421 4.7.0 too many messages', serverDown: false }
export const down: Outcome = { state: 'deferred', reply: 'connection refused', serverDown: true }
export const policy: Outcome = { state: 'rejected', reply: '554 5.7.1 spam', class: 'policy' }

export function rowsOf(addresses: readonly string[]): SimulatedRow[] {
  return addresses.map((address, index) => ({
    ...{ id: index + 1, address, state: 'queued' as const, nextAt: 0, attempts: 0 },
    ...{ firstAttemptAt: null, reply: '' },
  }))
}

/** Lanes that take from a real queue, over a store and a server that are none; a send from start to end. */
export function simulate(simulation: Simulation, rows = rowsOf(simulation.addresses)): Promise<Simulated> {
  const { time, server, lanes = 3, begunBefore = [] } = simulation
  const attempts: { address: string; at: number }[] = []
  const taken = new Set<number>()
  const onWire = new Set<number>()
  let twice = 0
  const rowOf = (id: number): SimulatedRow => rows[id - 1] as SimulatedRow
  const claimedOf = (row: SimulatedRow): ClaimedDelivery => ({
    ...{ id: row.id, address: row.address, attempts: row.attempts, firstAttemptAt: row.firstAttemptAt },
    ...{ publicId: `p${row.id}`, tier: 'subscriber' as const, name: null, format: 'html' as const },
  })
  const queue = createQueue({
    store: {
      async claim(_, limit) {
        const isDue = ({ state, nextAt }: SimulatedRow): boolean =>
          state === 'deferred' && nextAt <= time.now()
        const free = rows.filter(({ id }) => !taken.has(id))
        const due = free.filter(isDue)
        const found = (due.length > 0 ? due : free.filter(({ state }) => state === 'queued')).slice(0, limit)
        for (const { id } of found) taken.add(id)
        return found.map(claimedOf)
      },
      reread: async (_, ids) => ids.map(rowOf).map(claimedOf),
      async postpone(_, ids, nextAt, reply) {
        for (const id of ids) {
          Object.assign(rowOf(id), { state: 'deferred', nextAt, reply })
          taken.delete(id)
        }
      },
      begunSince: async (since) => begunBefore.filter(({ at }) => at >= since),
      async nextDue(_, after = -1) {
        const due = rows.filter(({ state, nextAt }) => state === 'deferred' && nextAt > after)
        return due.length === 0 ? null : Math.min(...due.map(({ nextAt }) => nextAt))
      },
      round: async () => null,
    },
    round: { id: 1, issue: 'one', kind: 'real' },
    ...{ clock: time, sleep: time.sleep, random: () => 0.5, connections: lanes },
    interrupted: new AbortController().signal,
    ...simulation.options,
  })
  const lane = async (): Promise<void> => {
    for (;;) {
      const delivery = queue.nextNow() ?? (await queue.next())
      if (delivery === null) return
      const row = rowOf(delivery.id)
      if (onWire.has(row.id)) twice += 1
      onWire.add(row.id)
      row.firstAttemptAt ??= time.now()
      attempts.push({ address: row.address, at: time.now() })
      const { outcome: met, took } = server(row.address, time.now(), row.attempts)
      await time.sleep(took, new AbortController().signal)
      onWire.delete(row.id)
      const { outcome, nextAt } = queue.note(delivery, met)
      row.reply = outcome.reply
      if (outcome.state === 'deferred' && outcome.serverDown) queue.giveBack(delivery)
      else {
        row.attempts += 1
        row.state = outcome.state === 'deferred' && nextAt === null ? 'rejected' : outcome.state
        row.nextAt = nextAt ?? 0
        taken.delete(row.id)
      }
    }
  }
  const ended = Promise.all(Array.from({ length: lanes }, lane)).then(() => ({
    ...{ rows, attempts, twice, halted: queue.halted, resumesAt: queue.resumesAt },
  }))
  return time.run(ended)
}
