import type { Round, RoundState } from '../../delivery/round.ts'
import { audienceOf } from '../deliveries.ts'
import { maybeNumber, number, text, type Row } from '../subscriber-rows.ts'

export function readRound(row: Row): Round {
  return {
    id: number(row, 'id'),
    issue: String(row['issue']),
    newsletter: String(row['newsletter']),
    kind: row['kind'] === 'real' ? 'real' : 'rehearsal',
    number: number(row, 'number'),
    // The column's check constraint holds it to these.
    state: String(row['state']) as RoundState,
    reason: text(row, 'reason'),
    total: maybeNumber(row, 'total'),
    transport: String(row['transport']),
    to: audienceOf(String(row['settings'])),
    editions: JSON.parse(String(row['editions'])) as Round['editions'],
    startedAt: number(row, 'started_at'),
    finishedAt: maybeNumber(row, 'finished_at'),
  }
}
