import { subscribers } from './001-subscribers.ts'
import { deliveries } from './002-deliveries.ts'
import { sending } from './003-sending.ts'
import { readers } from './004-readers.ts'
import { site } from './005-site.ts'
import { approvals } from './006-approvals.ts'
import { schedule } from './007-schedule.ts'

/** One step of the schema. Once released, a step is never edited: a later one mends it. */
export interface Migration {
  readonly number: number
  readonly name: string
  readonly sql: string
}

/** Every step, in the order in which they are applied; numbers count from 1 without a gap. */
export const migrations: readonly Migration[] = [
  { number: 1, name: 'subscribers', sql: subscribers },
  { number: 2, name: 'deliveries', sql: deliveries },
  { number: 3, name: 'sending', sql: sending },
  { number: 4, name: 'readers', sql: readers },
  { number: 5, name: 'site', sql: site },
  { number: 6, name: 'approvals', sql: approvals },
  { number: 7, name: 'schedule', sql: schedule },
]
