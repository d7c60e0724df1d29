import type { SQLOutputValue } from 'node:sqlite'
import type { Round } from '../delivery/round.ts'
import type { Scheduled, ScheduleStore } from '../delivery/schedule.ts'
import { readRound } from './deliveries.ts'
import * as rounds from './delivery-statements.ts'
import { publishSaved } from './editions.ts'
import type { Database } from './sqlite.ts'

type Row = Record<string, SQLOutputValue>

const replace = `
insert into schedule (issue, kind, number, at, newsletter, transport, settings, editions, frozen_at)
values (?, ?, ?, ?, ?, ?, ?, ?, ?)
returning *`

const clear = 'delete from schedule where issue = ? and kind = ?'

const byIssue = 'select * from schedule where issue = ? and kind = ?'

const all = 'select * from schedule where ?1 is null or kind = ?1 order by at, id'

const hold = 'update schedule set held = ? where id = ?'

const release = 'update schedule set held = null, at = ? where id = ? and held is not null'

const remove = 'delete from schedule where id = ?'

const waiting = 'select * from schedule where id = ? and held is null'

/** Sends that wait for their time, in SQLite. */
export function openSchedule(database: Database): ScheduleStore {
  const get = (statement: string, ...values: (string | number | null)[]): Row | undefined =>
    database.prepare(statement).get(...values)
  const run = (statement: string, ...values: (string | number | null)[]): boolean =>
    database.prepare(statement).run(...values).changes === 1

  /** The round it may go on with, null where it opens one; undefined: it was sent in another way. */
  const roundFor = ({
    issue,
    kind,
    number,
  }: Pick<Scheduled, 'issue' | 'kind' | 'number'>): Round | null | undefined => {
    const row = get(rounds.latestRound, issue, kind)
    const latest = row === undefined ? null : readRound(row)
    if (latest === null || latest.number < number)
      return latest === null || latest.state === 'done' || latest.state === 'cancelled' ? null : undefined
    return latest.number === number && latest.state === 'done' ? latest : undefined
  }

  return {
    async set(scheduled) {
      const { issue, kind, number, at, newsletter, transport, settings, editions } = scheduled
      return database.transaction(() => {
        if (roundFor(scheduled) === undefined) return null
        run(clear, issue, kind)
        const frozen = [JSON.stringify(settings), JSON.stringify(editions), database.clock.now()]
        const row = get(replace, issue, kind, number, at, newsletter, transport, ...frozen)
        return row === undefined ? null : readScheduled(row)
      })
    },

    async get(issue, kind) {
      const row = get(byIssue, issue, kind)
      return row === undefined ? null : readScheduled(row)
    },

    async list(kind) {
      return database
        .prepare(all)
        .all(kind ?? null)
        .map(readScheduled)
    },

    async hold(id, reason) {
      return run(hold, reason, id)
    },

    async release(id, at) {
      return run(release, at, id)
    },

    async remove(id) {
      return run(remove, id)
    },

    async begin(id) {
      return database.transaction(() => {
        const row = get(waiting, id)
        if (row === undefined) return null
        const scheduled = readScheduled(row)
        run(remove, id)
        const round = roundFor(scheduled)
        if (round === undefined) return null
        if (round === null) open(scheduled)
        else run(rounds.reopen, round.id, scheduled.settings['to'] ?? null)
        const { issue, kind, number } = scheduled
        const opened = get(rounds.roundByNumber, issue, kind, number)
        if (opened === undefined) throw new Error('the round was not written')
        return readRound(opened)
      })
    },

    async audience({ issue, kind, number, newsletter }) {
      const row = get(rounds.roundAudience, newsletter, issue, kind, number)
      return { subscriber: Number(row?.['subscriber'] ?? 0), member: Number(row?.['member'] ?? 0) }
    },
  }

  function open(scheduled: Scheduled): void {
    const { issue, kind, number, newsletter, transport, settings, editions } = scheduled
    const { public: page, subscriber, member } = editions
    if (kind === 'real') {
      if (page === undefined || subscriber === undefined || member === undefined)
        throw new Error(`an edition of ${issue} is missing`)
      publishSaved(database, issue, { public: page, subscriber, member })
    }
    const frozen = [JSON.stringify(settings), JSON.stringify(editions), database.clock.now()]
    run(rounds.openRound, issue, newsletter, kind, number, transport, ...frozen)
  }
}

function readScheduled(row: Row): Scheduled {
  return {
    id: Number(row['id']),
    issue: String(row['issue']),
    kind: row['kind'] === 'real' ? 'real' : 'rehearsal',
    number: Number(row['number']),
    at: Number(row['at']),
    newsletter: String(row['newsletter']),
    transport: String(row['transport']),
    // Only `set` writes these.
    settings: JSON.parse(String(row['settings'])) as Scheduled['settings'],
    editions: JSON.parse(String(row['editions'])) as Scheduled['editions'],
    frozenAt: Number(row['frozen_at']),
    held: typeof row['held'] === 'string' ? row['held'] : null,
  }
}
