import { partsHash, type ApprovalStep, type ApprovalStore } from '../../delivery/approval.ts'
import { readStep, readTick } from '../approvals.ts'
import type { Postgres } from './pool.ts'

const insertStep = `
insert into approval (issue, step, hash, parts, editions, by, at, note) values ($1, $2, $3, $4, $5, $6, $7, $8)`

const lastOfEach = `
select * from approval where id in (select max(id) from approval group by issue) order by issue`

const insertTick = 'insert into source_tick (issue, source, hash, by, at) values ($1, $2, $3, $4, $5)'

const standingTicks = `
select * from source_tick
where id in (select max(id) from source_tick where issue = $1 group by source) and hash is not null
order by source`

/** Approvals in PostgreSQL. */
export function openPostgresApprovals(database: Postgres): ApprovalStore {
  const { clock } = database
  return {
    isInUse: async () => (await database.row('select 1 from approval limit 1')) !== undefined,

    async record(step) {
      const recorded: ApprovalStep = { ...step, hash: partsHash(step.parts), at: clock.now() }
      const { issue, hash, parts, editions, by, at, note } = recorded
      const seen = editions === null ? null : JSON.stringify(editions)
      await database.run(insertStep, [issue, step.step, hash, JSON.stringify(parts), seen, by, at, note])
      return recorded
    },

    async steps(issue) {
      const rows = await database.rows('select * from approval where issue = $1 order by id', [issue])
      return rows.map(readStep)
    },

    async lastSteps() {
      const rows = await database.rows(lastOfEach)
      return new Map(rows.map(readStep).map((step) => [step.issue, step]))
    },

    async tick({ issue, source, hash, by }) {
      const at = clock.now()
      await database.run(insertTick, [issue, source, hash, by, at])
      return { issue, source, hash, by, at }
    },

    untick: async ({ issue, source, by }) =>
      void (await database.run(insertTick, [issue, source, null, by, clock.now()])),

    ticks: async (issue) => (await database.rows(standingTicks, [issue])).map(readTick),
  }
}
