import type { Tokens } from '../../core/token.ts'
import type { Stores } from '../stores.ts'
import { openPostgresApprovals } from './approvals.ts'
import { openPostgresArchive } from './archive.ts'
import { openPostgresDeliveries, type DeliveryOptions } from './deliveries.ts'
import { openPostgresReports } from './delivery-report.ts'
import { openPostgresEditions } from './editions.ts'
import { openPostgresHistory } from './history.ts'
import { keepHome } from './home.ts'
import { openJobs } from './jobs.ts'
import { migratePostgres } from './migrate.ts'
import { openPace } from './pace.ts'
import { refuseAnotherKey } from './people.ts'
import { openPool } from './pool.ts'
import type { PoolOptions } from './pool-options.ts'
import { openCommonLimits } from './sender-limits.ts'
import { openPostgresSchedule } from './schedule.ts'
import { lockPostgresSender } from './sender-lock.ts'
import { mailFormat, openPostgresHealth } from './site-health.ts'
import { openPostgresSubscribers } from './subscribers.ts'
import { addressesOf } from './erase.ts'
import { openPostgresReaders } from './readers.ts'
import { enterPostgresWorker, hasPostgresWorker } from './worker-presence.ts'

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
    await keepHome(database, database.clock.now())
    const archive = await openPostgresArchive(database)
    database.opened()
    const deliveries = openPostgresDeliveries(database, options)
    const wakes = openJobs(database)
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
      archive,
      readers: (settings) => openPostgresReaders(database, { ...settings, tokens }),
      mailFormat: (address) => mailFormat(database, tokens, address),
      addressesOf: (who) => addressesOf(database, tokens, who),
      keptCopies: () => [],
      health: openPostgresHealth(database),
      leases: deliveries,
      pace: openPace(database),
      commonLimits: openCommonLimits(database),
      wakes,
      lockSender: (of) => lockPostgresSender(database, of),
      enterWorker: (kind) => enterPostgresWorker(database, kind),
      hasWorker: (kind) => hasPostgresWorker(database, kind),
      async close() {
        await wakes.close()
        await database.close()
      },
    }
  } catch (error) {
    await database.close()
    throw error
  }
}
