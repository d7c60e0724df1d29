import type { Migration } from '../../migrations/index.ts'
import { people } from './001-people.ts'
import { readers } from './001-readers.ts'
import { site } from './001-site.ts'
import { deliveries } from './002-deliveries.ts'
import { slices } from './003-slices.ts'
import { advance } from './004-advance.ts'
import { pace } from './005-pace.ts'
import { approvals } from './006-approvals.ts'
import { schedule } from './007-schedule.ts'
import { limits } from './008-limits.ts'

/**
 * Every step of the schema on PostgreSQL, in their order; numbers count from 1 without a gap, and are not those
 * of SQLite's steps. Once released, a step is never edited: a later one mends it.
 */
export const postgresMigrations: readonly Migration[] = [
  { number: 1, name: 'people, readers and site', sql: people + readers + site },
  { number: 2, name: 'deliveries', sql: deliveries },
  { number: 3, name: 'slices', sql: slices },
  { number: 4, name: 'advance', sql: advance },
  { number: 5, name: 'pace', sql: pace },
  { number: 6, name: 'approvals', sql: approvals },
  { number: 7, name: 'schedule', sql: schedule },
  { number: 8, name: 'limits', sql: limits },
]
