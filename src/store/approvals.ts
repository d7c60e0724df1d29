import type { SQLOutputValue } from 'node:sqlite'
import {
  approvalSteps,
  partsHash,
  type ApprovalStep,
  type ApprovalStore,
  type SourceTick,
} from '../delivery/approval.ts'
import type { Database } from './sqlite.ts'

type Row = Readonly<Record<string, SQLOutputValue>>

const insertStep = `
insert into approval (issue, step, hash, parts, editions, by, at, note) values (?, ?, ?, ?, ?, ?, ?, ?)`

const stepsOfIssue = 'select * from approval where issue = ? order by id'

const lastOfEach = `
select * from approval where id in (select max(id) from approval group by issue) order by issue`

const insertTick = 'insert into source_tick (issue, source, hash, by, at) values (?, ?, ?, ?, ?)'

const standingTicks = `
select * from source_tick
where id in (select max(id) from source_tick where issue = ? group by source) and hash is not null
order by source`

/** Approvals in SQLite. */
export function openApprovals(database: Database): ApprovalStore {
  const { clock } = database
  return {
    async isInUse() {
      return database.prepare('select 1 from approval limit 1').get() !== undefined
    },

    async record(step) {
      const recorded: ApprovalStep = { ...step, hash: partsHash(step.parts), at: clock.now() }
      const { issue, hash, parts, editions, by, at, note } = recorded
      const seen = editions === null ? null : JSON.stringify(editions)
      database.prepare(insertStep).run(issue, step.step, hash, JSON.stringify(parts), seen, by, at, note)
      return recorded
    },

    async steps(issue) {
      return database.prepare(stepsOfIssue).all(issue).map(readStep)
    },

    async lastSteps() {
      return new Map(
        database
          .prepare(lastOfEach)
          .all()
          .map(readStep)
          .map((step) => [step.issue, step]),
      )
    },

    async tick({ issue, source, hash, by }) {
      const at = clock.now()
      database.prepare(insertTick).run(issue, source, hash, by, at)
      return { issue, source, hash, by, at }
    },

    async untick({ issue, source, by }) {
      database.prepare(insertTick).run(issue, source, null, by, clock.now())
    },

    async ticks(issue) {
      return database.prepare(standingTicks).all(issue).map(readTick)
    },
  }
}

/** Only `record` writes these columns, so their shapes are ours. */
export function readStep(row: Row): ApprovalStep {
  const step = approvalSteps.find((each) => each === row['step'])
  if (step === undefined) throw new Error(`The store holds an unknown step “${String(row['step'])}”.`)
  const { editions, note } = row
  return {
    issue: String(row['issue']),
    step,
    hash: String(row['hash']),
    parts: JSON.parse(String(row['parts'])) as ApprovalStep['parts'],
    editions: typeof editions === 'string' ? (JSON.parse(editions) as ApprovalStep['editions']) : null,
    by: String(row['by']),
    at: Number(row['at']),
    note: typeof note === 'string' ? note : null,
  }
}

/** A row of `source_tick`. */
export function readTick(row: Row): SourceTick {
  return {
    issue: String(row['issue']),
    source: String(row['source']),
    hash: String(row['hash']),
    by: String(row['by']),
    at: Number(row['at']),
  }
}
