import { randomBytes } from 'node:crypto'
import type { Leases } from '../../delivery/leases.ts'
import { deliveryStates, type Round, type Tally } from '../../delivery/round.ts'
import type { DeliveryStore, UnknownDelivery } from '../../delivery/store.ts'
import { number, text, type Row } from '../subscriber-rows.ts'
import * as sql from './delivery-statements.ts'
import { inParts } from './in-parts.ts'
import type { Connection, Postgres } from './pool.ts'
import { openRestoredMark } from './restored.ts'
import { readRound } from './round-row.ts'
import { openSending } from './sending.ts'

export interface DeliveryOptions {
  /** The name of this process alone; default: at random. */
  readonly worker?: string
  /** Milliseconds; default 20,000. */
  readonly lease?: number
  /** Rows that a worker takes at a time; default 500. */
  readonly slice?: number
}

/** Slices that are cancelled at a time, so that no statement takes long. */
const CANCEL = 5

/** The delivery rows in PostgreSQL, and the leases of a worker on them. */
export function openPostgresDeliveries(
  database: Postgres,
  options: DeliveryOptions = {},
): DeliveryStore & Leases {
  const { worker = randomBytes(12).toString('hex'), lease = 20_000, slice = 500 } = options
  const { clock } = database
  const one = async (statement: string, ...values: readonly (string | number | null)[]): Promise<Row> =>
    found(await database.row(statement, values))
  const roundOf = async (id: number, connection: Connection = database): Promise<Round> =>
    readRound(found(await connection.row(sql.roundById, [id])))
  const hasGoneOut = async (round: number, connection: Connection = database): Promise<boolean> =>
    (await connection.row(sql.hasGoneOut, [round]))?.['gone'] === 1

  return {
    ...openSending(database, { worker, lease }),
    ...openRestoredMark(database),

    async audience(newsletter) {
      const sum = { subscriber: 0, member: 0, reserved: 0 }
      for await (const row of inParts(database, sql.audience, [newsletter])) {
        sum.subscriber += number(row, 'subscriber')
        sum.member += number(row, 'member')
        sum.reserved += number(row, 'reserved')
      }
      return sum
    },

    async openRound(round) {
      const { issue, newsletter, kind, number, transport } = round
      const [settings, editions] = [JSON.stringify(round.settings), JSON.stringify(round.editions)]
      const values = [issue, newsletter, kind, number, transport, settings, editions, clock.now()]
      await database.run(sql.openRound, values)
      return readRound(await one(sql.roundByNumber, issue, kind, number))
    },

    async round(issue, kind) {
      const row = await database.row(sql.latestRound, [issue, kind])
      return row === undefined ? null : readRound(row)
    },

    async rounds(issue) {
      const rows = await database.rows(sql.rounds, [issue ?? null])
      return rows.map(readRound)
    },

    async freezeChunk(round, limit) {
      const row = await database.repeat(() => one(sql.freezeChunk, round, limit, slice, clock.now()))
      const added = row['added']
      return typeof added === 'number' ? { added, more: true } : { added: 0, more: false }
    },

    async seal(round) {
      const sealed = await database.run(sql.seal, [round])
      // What the planner knows of a table that was empty a minute ago; without it a send is slower, and goes on.
      if (sealed > 0) await database.script('analyze delivery, slice').catch(() => undefined)
      return roundOf(round)
    },

    async reopen(round, to = null) {
      await database.run(sql.reopen, [round, to])
      return roundOf(round)
    },

    async relabel(round, transport) {
      await database.run(sql.relabel, [transport, round])
      return roundOf(round)
    },

    hasGoneOut: (round) => hasGoneOut(round),

    async keepsRows(round) {
      return (await database.row(sql.isTakenOut, [round]))?.['gone'] !== 1
    },

    refreeze: (round, { newsletter, transport, settings, editions }) =>
      database.transaction(async (connection) => {
        await connection.row(sql.stopRound, [round])
        if (await hasGoneOut(round, connection)) return null
        const frozen = [JSON.stringify(settings), JSON.stringify(editions)]
        const values = [newsletter, transport, ...frozen, clock.now(), round]
        if ((await connection.run(sql.refreeze, values)) === 0) return null
        for (const statement of sql.clearDeliveries) await connection.run(statement, [round])
        return roundOf(round, connection)
      }),

    async setState(round, state, reason, from) {
      await database.transaction(async (connection) => {
        await connection.row(sql.stopRound, [round])
        await connection.run(sql.setRoundState, [state, reason, clock.now(), round, from ?? null])
      })
      // From here on nothing begins. Should this process end before all rows say so, a worker goes on.
      if (state === 'cancelled')
        while (number(await one(sql.cancelSlices, round, CANCEL), 'count') > 0) continue
      return roundOf(round)
    },

    resolveUnknowns: (round, how) =>
      database.transaction(async (connection) => {
        await connection.row(sql.stopRound, [round])
        const rows = how === 'hold' ? [] : await connection.rows(sql.resendUnknown, [clock.now(), round])
        const ids = rows.map((row) => number(row, 'id'))
        if (ids.length > 0) await connection.run(sql.wakeSlices, [round, ids])
        const held = await connection.row(sql.countUnknown, [round])
        return { resent: ids.length, held: number(found(held), 'count') }
      }),

    async begunSince(since) {
      const rows = await database.rows(sql.begunSince, [since])
      return rows.map((row) => ({
        at: number(row, 'second') * 1_000,
        begun: number(row, 'begun'),
        taken: number(row, 'taken'),
      }))
    },

    async tally(round) {
      const rows = await database.rows(sql.tally, [round])
      const counts = new Map(rows.map((row) => [row['state'], number(row, 'count')]))
      return Object.fromEntries(deliveryStates.map((state) => [state, counts.get(state) ?? 0])) as Tally
    },

    async nextDue(round, after = -1) {
      const due = (await one(sql.nextDue, round, after))['due']
      return typeof due === 'number' ? due : null
    },

    async unknowns(round) {
      const rows = await database.rows(sql.unknowns, [round])
      return rows.map((row): UnknownDelivery => ({
        address: text(row, 'address'),
        messageId: text(row, 'message_id'),
        since: number(row, 'updated_at'),
        reply: text(row, 'reply') ?? '',
      }))
    },
  }
}

function found(row: Row | undefined): Row {
  if (row === undefined) throw new Error('a row that must be there is not')
  return row
}
