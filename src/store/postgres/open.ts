import { OnrecordError } from '../../core/errors.ts'
import type { Tokens } from '../../core/token.ts'
import type { Stores } from '../stores.ts'
import { openPostgresApprovals } from './approvals.ts'
import { openPostgresDeliveries, type DeliveryOptions } from './deliveries.ts'
import { openPostgresReports } from './delivery-report.ts'
import { openPostgresEditions } from './editions.ts'
import { openPostgresHistory } from './history.ts'
import { migratePostgres, schemaStep } from './migrate.ts'
import { postgresMigrations } from './migrations/index.ts'
import { openPace } from './pace.ts'
import { refuseAnotherKey } from './people.ts'
import { openPool, type PoolOptions } from './pool.ts'
import { openPostgresSchedule } from './schedule.ts'
import { lockPostgresSender } from './sender-lock.ts'
import { openPostgresSubscribers } from './subscribers.ts'

/**
 * Opens the store of a `postgres://` URL and brings its schema up to date.
 * @param tokens key the digests of addresses
 * @throws OnrecordError `io` when it cannot be reached, `config` when a newer version wrote it or another SECRET_KEY
 */
export async function openPostgresStores(
  url: string,
  tokens: Tokens,
  options: PoolOptions & DeliveryOptions = {},
): Promise<Stores> {
  const database = openPool(url, options)
  try {
    await migratePostgres(database)
    await refuseAnotherKey(database, tokens)
    const deliveries = openPostgresDeliveries(database, options)
    return {
      kind: 'postgres',
      label: database.label,
      subscribers: openPostgresSubscribers(database, tokens),
      deliveries,
      reports: openPostgresReports(database),
      editions: openPostgresEditions(database),
      schedule: openPostgresSchedule(database),
      approvals: openPostgresApprovals(database),
      history: openPostgresHistory(database),
      get archive(): never {
        return notYet('archive')
      },
      readers: () => notYet('readers'),
      mailFormat: () => notYet('readers'),
      addressesOf: () => notYet('readers'),
      keptCopies: () => [],
      health: {
        schemaIsCurrent: async () => (await schemaStep(database)) === postgresMigrations.at(-1)?.number,
        latestDeliveries: () => notYet('health'),
      },
      leases: deliveries,
      pace: openPace(database),
      lockSender: (of) => lockPostgresSender(database, of),
      enterWorker: () => notYet('presence'),
      hasWorker: () => notYet('presence'),
      close: () => database.close(),
    }
  } catch (error) {
    await database.close()
    throw error
  }
}

function notYet(part: string): never {
  throw new OnrecordError('refused', `PostgreSQL: ${part} is not built yet.`)
}
