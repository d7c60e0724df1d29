import type { NewScheduled, Scheduled, ScheduleStore } from '../../delivery/schedule.ts'
import type { Round } from '../../delivery/round.ts'
import { number, text, type Row } from '../subscriber-rows.ts'
import * as rounds from './delivery-statements.ts'
import { publishSaved } from './editions.ts'
import { inParts } from './in-parts.ts'
import type { Connection, Postgres } from './pool.ts'
import { readRound } from './round-row.ts'

/**
 * What is scheduled and begun is decided one after the other, as SQLite does it: a handful a week. Whoever only reads
 * is not held up.
 */
const oneAtATime = 'lock table schedule in share row exclusive mode'

const replace = `
insert into schedule (issue, kind, number, at, newsletter, transport, settings, editions, frozen_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict (issue, kind) do update set id = excluded.id, number = excluded.number, at = excluded.at,
  newsletter = excluded.newsletter, transport = excluded.transport, settings = excluded.settings,
  editions = excluded.editions, frozen_at = excluded.frozen_at, held = null
returning *`

const byIssue = 'select * from schedule where issue = $1 and kind = $2'

const all = 'select * from schedule where $1::text is null or kind = $1 order by at, id'

const hold = 'update schedule set held = $1 where id = $2'

const release = 'update schedule set held = null, at = $1 where id = $2 and held is not null'

const remove = 'delete from schedule where id = $1'

const take = 'delete from schedule where id = $1 and held is null returning *'

/** The round of that number, and those before it that leave out whom they reached. */
const roundsBefore = `
select id, number from round where issue = $1 and kind = $2 and (number = $3 or kind = 'real' and number < $3)`

/**
 * Whom `freeze_chunk` would add to a round and whom it has not, of people with ids above one and up to another.
 * The rounds are named by their ids, so that of all that a person was ever sent nothing else is read.
 */
export const roundAudience = `
select count(*) filter (where s.tier = 'subscriber') as subscriber, count(*) filter (where s.tier = 'member') as member
from subscription c join subscriber s on s.id = c.subscriber_id
where c.newsletter = $1 and c.state = 'confirmed' and s.erased_at is null
  and c.subscriber_id > $4 and c.subscriber_id <= $5 and s.id > $4 and s.id <= $5
  and not exists (select 1 from suppression x where x.address_hash = s.address_hash)
  and not exists (
    select 1 from delivery d
    where d.subscriber_id = s.id and d.round_id = any ($2::bigint[])
      and (d.round_id = $3::bigint or d.state in ('on_wire', 'accepted', 'unknown', 'bounced', 'complained')))`

/** Sends that wait for their time, in PostgreSQL. */
export function openPostgresSchedule(database: Postgres): ScheduleStore {
  const changed = async (statement: string, values: readonly (string | number)[]): Promise<boolean> =>
    (await database.run(statement, values)) === 1

  return {
    set: (scheduled) =>
      database.transaction(async (connection) => {
        await connection.script(oneAtATime)
        if ((await roundFor(connection, scheduled)) === undefined) return null
        const { issue, kind, number, at, newsletter, transport, settings, editions } = scheduled
        const frozen = [JSON.stringify(settings), JSON.stringify(editions), database.clock.now()]
        const values = [issue, kind, number, at, newsletter, transport, ...frozen]
        const row = await connection.row(replace, values)
        return row === undefined ? null : readScheduled(row)
      }),

    async get(issue, kind) {
      const row = await database.row(byIssue, [issue, kind])
      return row === undefined ? null : readScheduled(row)
    },

    async list(kind) {
      return (await database.rows(all, [kind ?? null])).map(readScheduled)
    },

    hold: (id, reason) => changed(hold, [reason, id]),
    release: (id, at) => changed(release, [at, id]),
    remove: (id) => changed(remove, [id]),

    begin: (id) =>
      database.transaction(async (connection) => {
        await connection.script(oneAtATime)
        const row = await connection.row(take, [id])
        return row === undefined ? null : begin(connection, readScheduled(row), database.clock.now())
      }),

    async audience({ issue, kind, number: round, newsletter }) {
      const before = await database.rows(roundsBefore, [issue, kind, round])
      const own = before.find((row) => number(row, 'number') === round)
      const ids = before.map((row) => number(row, 'id'))
      const sum = { subscriber: 0, member: 0 }
      const values = [newsletter, ids, own === undefined ? null : number(own, 'id')]
      for await (const row of inParts(database, roundAudience, values)) {
        sum.subscriber += number(row, 'subscriber')
        sum.member += number(row, 'member')
      }
      return sum
    },
  }
}

/** The round it may go on with, null where it opens one; undefined: it was sent in another way. */
async function roundFor(
  connection: Connection,
  { issue, kind, number: wanted }: Pick<NewScheduled, 'issue' | 'kind' | 'number'>,
): Promise<Round | null | undefined> {
  const row = await connection.row(rounds.latestRound, [issue, kind])
  const latest = row === undefined ? null : readRound(row)
  if (latest === null || latest.number < wanted)
    return latest === null || latest.state === 'done' || latest.state === 'cancelled' ? null : undefined
  return latest.number === wanted && latest.state === 'done' ? latest : undefined
}

/** Null also where a send of another process has the round by now. */
async function begin(connection: Connection, scheduled: Scheduled, now: number): Promise<Round | null> {
  const { issue, kind, number, newsletter, transport, settings, editions } = scheduled
  const latest = await roundFor(connection, scheduled)
  if (latest === undefined) return null
  if (latest === null) {
    const frozen = [JSON.stringify(settings), JSON.stringify(editions), now]
    const opened = await connection.run(rounds.openRound, [
      ...[issue, newsletter, kind, number, transport],
      ...frozen,
    ])
    if (opened === 0) return null
    const { public: page, subscriber, member } = editions
    if (kind === 'real') {
      if (page === undefined || subscriber === undefined || member === undefined)
        throw new Error(`an edition of ${issue} is missing`)
      await publishSaved(connection, issue, { public: page, subscriber, member }, now)
    }
  } else if ((await connection.run(rounds.reopen, [latest.id, settings['to'] ?? null])) === 0) return null
  const round = await connection.row(rounds.roundByNumber, [issue, kind, number])
  if (round === undefined) throw new Error('the round was not written')
  return readRound(round)
}

function readScheduled(row: Row): Scheduled {
  return {
    id: number(row, 'id'),
    issue: String(row['issue']),
    kind: row['kind'] === 'real' ? 'real' : 'rehearsal',
    number: number(row, 'number'),
    at: number(row, 'at'),
    newsletter: String(row['newsletter']),
    transport: String(row['transport']),
    // Only `set` writes these.
    settings: JSON.parse(String(row['settings'])) as Scheduled['settings'],
    editions: JSON.parse(String(row['editions'])) as Scheduled['editions'],
    frozenAt: number(row, 'frozen_at'),
    held: text(row, 'held'),
  }
}
