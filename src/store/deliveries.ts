import type { SQLOutputValue } from 'node:sqlite'
import {
  deliveryStates,
  type Begin,
  type Begun,
  type ClaimedDelivery,
  type Round,
  type RoundState,
  type Settlement,
  type Tally,
} from '../delivery/round.ts'
import type { DeliveryStore, NewRound, UnknownDelivery } from '../delivery/store.ts'
import type { Database } from './sqlite.ts'
import { openDeliveryTraffic } from './delivery-traffic.ts'
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

  const settle = (round: number, each: Settlement): void => {
    const acceptedAt = each.state === 'accepted' ? each.at : null
    run(sql.settle, each.state, each.reply, each.class, each.nextAt, acceptedAt, each.at, each.id)
    // A rehearsal says nothing about whether an address exists.
    if (each.state === 'rejected' && each.class === 'address')
      run(sql.suppressRejected, replyCode(each.reply), each.at, each.id, round)
  }

  const begin = (round: number, each: Begin): Begun => {
    if (run(sql.begin, each.messageId, each.at, each.at, each.id, round) === 1) return 'begun'
    if (run(sql.suppressBeforeWire, each.at, each.id, round) === 1) return 'suppressed'
    return 'stopped'
  }

  return {
    ...openDeliveryTraffic(database),
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

    async reopen(round) {
      run(sql.reopen, round)
      return roundOf(round)
    },

    async relabel(round, transport) {
      run(sql.relabel, transport, round)
      return roundOf(round)
    },

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

    async setState(round, state, reason) {
      database.transaction(() => {
        if (state === 'cancelled') run(sql.cancelWaiting, clock.now(), round)
        run(sql.setRoundState, state, reason, clock.now(), round)
      })
      return roundOf(round)
    },

    async recover(round) {
      return database.transaction(() => ({
        unknown: run(sql.recoverOnWire, clock.now(), round),
        released: run(sql.releaseClaimed, clock.now(), round),
      }))
    },

    async claim(round, limit) {
      return database.transaction(() => {
        const now = clock.now()
        const claimed: ClaimedDelivery[] = []
        if (roundOf(round).state !== 'sending') return claimed
        // A chunk of people who have all left is not the end.
        while (claimed.length === 0) {
          const rows = all(sql.claimable, round, now, limit)
          if (rows.length === 0) break
          for (const row of rows) {
            const id = Number(row['id'])
            if (row['eligible'] === 0 || row['address'] === null) run(sql.suppressWaiting, now, id)
            else if (run(sql.claim, now, id) === 1) claimed.push(readClaimed(row))
          }
        }
        return claimed
      })
    },

    async release(round) {
      run(sql.releaseClaimed, clock.now(), round)
    },

    async advance(round, steps) {
      return database.transaction(() =>
        steps.map((step) => {
          if (step.settle !== null) settle(round, step.settle)
          return step.begin === null ? null : begin(round, step.begin)
        }),
      )
    },

    async tally(round) {
      const counts = new Map(all(sql.tally, round).map((row) => [row['state'], Number(row['count'])]))
      return Object.fromEntries(deliveryStates.map((state) => [state, counts.get(state) ?? 0])) as Tally
    },

    async nextDue(round) {
      const due = get(sql.nextDue, round)?.['due']
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

function readRound(row: Row): Round {
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
    editions: JSON.parse(String(row['editions'])) as Round['editions'],
    startedAt: Number(row['started_at']),
    finishedAt: row['finished_at'] === null ? null : Number(row['finished_at']),
  }
}

function readClaimed(row: Row): ClaimedDelivery {
  return {
    id: Number(row['id']),
    publicId: String(row['public_id']),
    address: String(row['address']),
    tier: row['tier'] === 'member' ? 'member' : 'subscriber',
    attempts: Number(row['attempts']),
    firstAttemptAt: row['first_attempt_at'] === null ? null : Number(row['first_attempt_at']),
  }
}

function text(value: SQLOutputValue | undefined): string | null {
  return typeof value === 'string' ? value : null
}
