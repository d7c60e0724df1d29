import type { SQLOutputValue } from 'node:sqlite'
import {
  deliveryStates,
  type Begin,
  type Begun,
  type Round,
  type RoundState,
  type Settlement,
  type Tally,
} from '../delivery/round.ts'
import type { DeliveryStore, NewRound, UnknownDelivery } from '../delivery/store.ts'
import type { Database } from './sqlite.ts'
import { openDeliveryTraffic } from './delivery-traffic.ts'
import { openClaims, type Claims } from './claims.ts'
import * as sql from './delivery-statements.ts'
import { openRestoredMark } from './restored.ts'

type Row = Record<string, SQLOutputValue>

/** The delivery rows in SQLite. Every statement is prepared once; nothing is awaited inside a transaction. */
export function openDeliveries(database: Database): DeliveryStore {
  const { clock } = database
  const get = (statement: string, ...values: (string | number | null)[]): Row | undefined =>
    database.prepare(statement).get(...values)
  const all = (statement: string, ...values: (string | number | null)[]): Row[] =>
    database.prepare(statement).all(...values)
  const run = (statement: string, ...values: (string | number | null)[]): number =>
    Number(database.prepare(statement).run(...values).changes)

  const roundOf = (id: number): Round => {
    const row = get(sql.roundById, id)
    if (row === undefined) throw new Error(`there is no round ${id}`)
    return readRound(row)
  }

  const hasGoneOut = (round: number): boolean => get(sql.hasGoneOut, round)?.['gone'] === 1

  const claims = new Map<number, Claims>()
  const claimsOf = (round: number): Claims => {
    const open = claims.get(round) ?? openClaims(database, round)
    claims.set(round, open)
    return open
  }

  const settle = (round: number, each: Settlement): void => {
    const { id, state, reply, at, nextAt, unbegun } = each
    if (unbegun === undefined)
      run(sql.settle, state, reply, each.class, nextAt, state === 'accepted' ? at : null, at, id)
    else if (state !== 'queued') {
      const { messageId = null, at: date = null, keyId = null, address = null } = unbegun ?? {}
      const attempt = unbegun === null ? 0 : 1
      run(
        sql.settleUnbegun,
        state,
        reply,
        each.class,
        nextAt,
        at,
        attempt,
        messageId,
        date,
        keyId,
        id,
        address,
      )
    }
    // A rehearsal says nothing about whether an address exists.
    if (state === 'rejected' && each.class === 'address')
      run(sql.suppressRejected, replyCode(reply), at, id, round)
  }

  const begin = (round: number, each: Begin, newsletter: string, now: number): Begun => {
    const { id, messageId, at, keyId = null, address = null } = each
    if (run(sql.begin, messageId, at, keyId, now, id, round, newsletter, address) === 1) return 'begun'
    // Claimed again, it goes to the new address.
    if (get(sql.hasMoved, id, address) !== undefined) return 'suppressed'
    return run(sql.suppressWaiting, now, id) === 1 ? 'suppressed' : 'stopped'
  }

  return {
    ...openDeliveryTraffic(database, (round, id) => claimsOf(round).forget(id)),
    ...openRestoredMark(database),

    async audience(newsletter) {
      const row = get(sql.audience, newsletter) ?? {}
      return {
        subscriber: Number(row['subscriber'] ?? 0),
        member: Number(row['member'] ?? 0),
        reserved: Number(row['reserved'] ?? 0),
      }
    },

    async openRound(round: NewRound) {
      const { issue, newsletter, kind, number, transport } = round
      const settings = JSON.stringify(round.settings)
      const editions = JSON.stringify(round.editions)
      run(sql.openRound, issue, newsletter, kind, number, transport, settings, editions, clock.now())
      const row = get(sql.roundByNumber, issue, kind, number)
      if (row === undefined) throw new Error('the round was not written')
      return readRound(row)
    },

    async round(issue, kind) {
      const row = get(sql.latestRound, issue, kind)
      return row === undefined ? null : readRound(row)
    },

    async rounds(issue) {
      return (issue === undefined ? all(sql.allRounds) : all(sql.roundsOfIssue, issue)).map(readRound)
    },

    async freezeChunk(round, limit) {
      return database.transaction(() => {
        run(sql.endPauses, round, clock.now())
        const through = get(sql.frozenThrough, round, limit)?.['through']
        if (typeof through !== 'number') return { added: 0, more: false }
        const added = run(sql.freezeChunk, clock.now(), round, through)
        run(sql.setFrozenThrough, through, round)
        return { added, more: true }
      })
    },

    async seal(round) {
      run(sql.seal, round)
      return roundOf(round)
    },

    async reopen(round, to = null) {
      run(sql.reopen, round, to)
      return roundOf(round)
    },

    async relabel(round, transport) {
      run(sql.relabel, transport, round)
      return roundOf(round)
    },

    keepsRows: async () => true,

    async hasGoneOut(round) {
      return hasGoneOut(round)
    },

    async refreeze(round, { newsletter, transport, settings, editions }) {
      return database.transaction(() => {
        if (hasGoneOut(round)) return null
        const frozen = [JSON.stringify(settings), JSON.stringify(editions)]
        if (run(sql.refreeze, newsletter, transport, ...frozen, clock.now(), round) === 0) return null
        run(sql.clearDeliveries, round)
        return roundOf(round)
      })
    },

    async setState(round, state, reason, from) {
      database.transaction(() => {
        if (state === 'cancelled') run(sql.cancelWaiting, clock.now(), round)
        run(sql.setRoundState, state, reason, clock.now(), round, from ?? null)
      })
      return roundOf(round)
    },

    async resolveUnknowns(round, how) {
      return database.transaction(() => ({
        resent: how === 'resend' ? run(sql.resendUnknown, clock.now(), round) : 0,
        held: Number(get(sql.countUnknown, round)?.['count']),
      }))
    },

    async recover(round) {
      claims.delete(round)
      return database.transaction(() => ({
        unknown: run(sql.recoverOnWire, clock.now(), round),
        released: run(sql.releaseClaimed, clock.now(), round),
      }))
    },

    async claim(round, limit) {
      return get(sql.roundForSending, round)?.['state'] === 'sending' ? claimsOf(round).take(limit) : []
    },

    async release(round) {
      claims.delete(round)
    },

    async advance(round, steps) {
      const answers = database.transaction(() => {
        const now = clock.now()
        const { state, newsletter } = get(sql.roundForSending, round) ?? {}
        return steps.map((step) => {
          if (step.settle !== null) settle(round, step.settle)
          if (step.begin === null) return null
          return state === 'sending' ? begin(round, step.begin, String(newsletter), now) : 'stopped'
        })
      })
      const taken = claimsOf(round)
      for (const { settle: settled, begin: begun } of steps) {
        if (settled !== null) taken.forget(settled.id)
        if (begun !== null) taken.forget(begun.id)
      }
      return answers
    },

    async tally(round) {
      const counts = new Map(all(sql.tally, round).map((row) => [row['state'], Number(row['count'])]))
      return Object.fromEntries(deliveryStates.map((state) => [state, counts.get(state) ?? 0])) as Tally
    },

    async nextDue(round, after = -1) {
      const due = get(sql.nextDue, round, after)?.['due']
      return typeof due === 'number' ? due : null
    },

    async unknowns(round) {
      return all(sql.unknowns, round).map((row): UnknownDelivery => ({
        address: text(row['address']),
        messageId: text(row['message_id']),
        since: Number(row['updated_at']),
        reply: String(row['reply'] ?? ''),
      }))
    },
  }
}

/** “550 5.1.1”: the note outlives an erased person, and the words of a reply may name them. */
function replyCode(reply: string): string {
  return /^\d{3}(?: \d\.\d+\.\d+)?/.exec(reply)?.[0] ?? 'refused'
}

/** A row of `round`. */
export function readRound(row: Row): Round {
  return {
    id: Number(row['id']),
    issue: String(row['issue']),
    newsletter: String(row['newsletter']),
    kind: row['kind'] === 'real' ? 'real' : 'rehearsal',
    number: Number(row['number']),
    // The column's check constraint holds it to these.
    state: String(row['state']) as RoundState,
    reason: text(row['reason']),
    total: row['total'] === null ? null : Number(row['total']),
    transport: String(row['transport']),
    to: audienceOf(String(row['settings'])),
    editions: JSON.parse(String(row['editions'])) as Round['editions'],
    startedAt: Number(row['started_at']),
    finishedAt: row['finished_at'] === null ? null : Number(row['finished_at']),
  }
}

/** Whom of the newsletter a round is for, by its settings; null: everybody. */
export function audienceOf(settings: string): Round['to'] {
  const { to } = JSON.parse(settings) as { readonly to?: unknown }
  return to === 'subscriber' || to === 'member' ? to : null
}

function text(value: SQLOutputValue | undefined): string | null {
  return typeof value === 'string' ? value : null
}
