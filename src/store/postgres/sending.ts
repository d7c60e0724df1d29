import type { Begin, Begun, ClaimedDelivery, Settlement, Step } from '../../delivery/round.ts'
import type { DeliveryStore } from '../../delivery/store.ts'
import type { Leases } from '../../delivery/leases.ts'
import type { Postgres } from './pool.ts'
import { createPresence } from './presence.ts'
import { createSlices, type Slices } from './slices.ts'
import { json, type Value } from './values.ts'

/** Who sends, and in what portions. */
export interface Worker {
  /** The name of this process alone, never used again. */
  readonly worker: string
  /** After so long without a word what a worker had may be taken by another, in milliseconds. */
  readonly lease: number
}

const held = `
select exists (
  select 1 from round r join slice s on s.round_id = r.id
  where r.state <> 'done' and s.worker is not null and s.until > database_now() and not is_gone(s.worker))::int as held`

/** Slices that are recovered at a time. */
const RECOVERED = 10

interface Recovered {
  readonly count: number
  readonly unknown: number
  readonly released: number
}

type Sending = Pick<DeliveryStore, 'recover' | 'claim' | 'release' | 'advance' | 'postpone' | 'reread'>

/**
 * Takes rows in slices (see the README of this folder) and writes what became of them: each call is one statement
 * and one commit. Any number of workers may do so in one round.
 */
export function openSending(database: Postgres, { worker, lease }: Worker): Sending & Leases {
  const { clock } = database
  const presence = createPresence(database, worker)
  const rounds = new Map<number, Slices>()
  /** As which each round is sent here: when what it holds was frozen. */
  const frozen = new Map<number, number>()
  // A server that says nothing for so long has given what this worker had to others.
  const patience = Math.max(lease, 5_000)
  const slicesOf = (round: number): Slices => {
    const known = rounds.get(round) ?? createSlices()
    rounds.set(round, known)
    return known
  }
  const call = async (name: string, values: readonly Value[]): Promise<unknown> => {
    const places = values.map((_, index) => `$${index + 1}`).join(', ')
    const row = await database.row(`select ${name}(${places}) as answer`, values, patience)
    const answer = row?.['answer']
    return typeof answer === 'string' && answer !== '' ? JSON.parse(answer) : null
  }
  const read = async (round: number, ids: readonly number[]): Promise<readonly ClaimedDelivery[]> =>
    ids.length === 0
      ? []
      : ((await call('reread', [round, ids, clock.now()])) as readonly RowParts[]).map(readClaimed)

  /** Null: nothing is due, or others have it. */
  const takeSlice = async (round: number): Promise<readonly ClaimedDelivery[] | null> => {
    const slices = slicesOf(round)
    await presence.ensure()
    const values = [worker, slices.held().firsts, lease, clock.now(), frozen.get(round) ?? null] as const
    const found = await database.repeat(() => call('claim_slice', [round, ...values]))
    if (found === null) return null
    const { first, token, rows } = found as { first: number; token: number; rows: readonly RowParts[] }
    const taken = { first, token, rows: rows.map(readClaimed) }
    slices.add(taken)
    // A slice of people who have all left is not the end.
    if (taken.rows.length === 0) await free(round, [first])
    return taken.rows
  }
  const free = async (round: number, firsts: readonly number[]): Promise<void> => {
    const slices = slicesOf(round)
    const held = slices.held(new Set(firsts))
    slices.forget(firsts)
    await database.repeat(() => call('free_slices', [round, worker, held.firsts, held.tokens]))
  }
  const advance = async (round: number, steps: readonly Step[]): Promise<readonly (Begun | null)[]> => {
    const slices = slicesOf(round)
    const settles = steps.flatMap(({ settle }) => (settle === null ? [] : settleRow(slices, settle)))
    const begins = steps.flatMap(({ begin }) => (begin === null ? [] : [beginRow(slices, begin)]))
    const notes = steps.flatMap(({ settle }) =>
      settle?.state === 'rejected' && settle.class === 'address'
        ? [{ id: settle.id, note: replyCode(settle.reply), at: settle.at }]
        : [],
    )
    const firsts = new Set([...settles, ...begins].flatMap(({ slice }) => slice ?? []))
    const done = slices.idle(clock.now(), steps)
    const held = slices.held(new Set([...firsts, ...done]))
    const written = [json([...settles, ...begins]), begins.length, notes.length === 0 ? null : json(notes)]
    const answers = (await database.repeat((again) =>
      call('advance', [
        ...[round, worker, lease, clock.now(), held.firsts, held.tokens],
        ...[...written, done, again],
      ]),
    )) as readonly (Begun | 'lost')[] | null
    // Another worker has it by now, and all of its slice.
    const lost = begins.flatMap(({ slice }, index) => (answers?.[index] === 'lost' ? (slice ?? []) : []))
    slices.forget(lost)
    let place = 0
    const begun = steps.map(({ begin }) => {
      if (begin === null) return null
      const answer = answers === null ? 'begun' : (answers[place++] ?? 'stopped')
      return answer === 'lost' ? 'suppressed' : answer
    })
    slices.settle(steps, begun, clock.now())
    slices.forget(done)
    return begun
  }

  return {
    worker,
    lease,
    advance,

    async recover(round, frozenAt) {
      rounds.delete(round)
      if (frozenAt === undefined) frozen.delete(round)
      else frozen.set(round, frozenAt)
      const sum = { unknown: 0, released: 0 }
      for (;;) {
        const values = [round, worker, clock.now(), RECOVERED]
        const found = (await database.repeat(() => call('recover_slices', values))) as Recovered
        sum.unknown += found.unknown
        sum.released += found.released
        if (found.count < RECOVERED) return sum
      }
    },

    async claim(round, limit) {
      const slices = slicesOf(round)
      const open = await database.row(
        "select 1 from round where id = $1 and state = 'sending'",
        [round],
        patience,
      )
      if (open === undefined) return []
      const waiting = slices.waitingAgain(clock.now(), limit)
      const again = new Map((await read(round, waiting)).map((row) => [row.id, row]))
      for (const id of waiting)
        if (again.has(id)) slices.given(id)
        else slices.gone(id)
      const rows = [...again.values()]
      for (;;) {
        rows.push(...slices.give(limit - rows.length))
        if (rows.length >= limit) return rows
        const idle = slices.idle(clock.now())
        if (idle.length > 0) await free(round, idle)
        if ((await takeSlice(round)) === null) return rows
      }
    },

    async release(round) {
      await free(round, slicesOf(round).held().firsts)
      rounds.delete(round)
    },

    async postpone(round, ids, nextAt, reply) {
      const at = clock.now()
      await advance(
        round,
        ids.map((id) => ({
          settle: { id, state: 'deferred', reply, class: null, nextAt, at, unbegun: null },
          begin: null,
        })),
      )
    },

    reread: read,

    async anySending() {
      return (await database.row(held))?.['held'] === 1
    },

    async renew(round) {
      const { firsts, tokens } = slicesOf(round).held()
      if (firsts.length === 0) return { lost: 0 }
      await presence.ensure()
      const kept = (await database.repeat(() =>
        call('renew_slices', [round, worker, lease, firsts, tokens]),
      )) as readonly number[] | null
      const held = new Set(kept)
      const lost = firsts.filter((first) => !held.has(first))
      slicesOf(round).forget(lost)
      return { lost: lost.length }
    },
  }
}

/** What `advance` reads of a settlement; nothing where nothing is to be written. */
function settleRow(slices: Slices, settled: Settlement): { readonly slice: number | null }[] {
  const { id, state, reply, class: kind, nextAt, at, unbegun } = settled
  const common = { slice: slices.sliceOf(id) ?? null, id, state, reply, class: kind, next_at: nextAt, at }
  if (unbegun === undefined) return [{ ...common, ...{ wire: true, attempt: 0 } }]
  if (state === 'queued') return []
  if (unbegun === null) return [{ ...common, ...{ wire: false, attempt: 0 } }]
  const { messageId, at: date, keyId = null, address = null } = unbegun
  const offered = { message_id: messageId, first_at: date, key_id: keyId, address }
  return [{ ...common, ...offered, ...{ wire: false, attempt: 1 } }]
}

/** The same of one that goes on the wire. */
function beginRow(slices: Slices, { id, messageId, at, keyId, address }: Begin) {
  const made = { message_id: messageId, first_at: at, key_id: keyId, address }
  return { slice: slices.sliceOf(id) ?? null, id, state: 'on_wire', wire: false, attempt: 1, ...made }
}

/** “550 5.1.1”: the note outlives an erased person, and the words of a reply may name them. */
function replyCode(reply: string): string {
  return /^\d{3}(?: \d\.\d+\.\d+)?/.exec(reply)?.[0] ?? 'refused'
}

/** As `sift` writes them. */
type RowParts = readonly [
  id: number,
  publicId: string,
  address: string,
  name: string | null,
  tier: string,
  format: string,
  attempts: number,
  firstAttemptAt: number | null,
]

function readClaimed(row: RowParts): ClaimedDelivery {
  const [id, publicId, address, name, tier, format, attempts, firstAttemptAt] = row
  return {
    ...{ id, publicId, address, name, attempts, firstAttemptAt },
    tier: tier === 'member' ? 'member' : 'subscriber',
    format: format === 'text' ? 'text' : 'html',
  }
}
