import type { Tokens } from '../../core/token.ts'
import type { ApprovalStore } from '../../delivery/approval.ts'
import type { EditionStore } from '../../delivery/editions.ts'
import type { Leases } from '../../delivery/leases.ts'
import type { DeliveryReports } from '../../delivery/report.ts'
import type { SharedPace } from '../../delivery/shared-pace.ts'
import type { DeliveryStore, SenderLock } from '../../delivery/store.ts'
import type { SubscriberStore } from '../../subscribers/store.ts'
import { openPostgresApprovals } from './approvals.ts'
import { openPostgresDeliveries, type DeliveryOptions } from './deliveries.ts'
import { openPostgresReports } from './delivery-report.ts'
import { openPostgresEditions } from './editions.ts'
import { migratePostgres } from './migrate.ts'
import { openPace } from './pace.ts'
import { refuseAnotherKey } from './people.ts'
import { openPool, type PoolOptions } from './pool.ts'
import { lockPostgresSender } from './sender-lock.ts'
import { openPostgresSubscribers } from './subscribers.ts'

/** The stores of a publication on PostgreSQL. Whoever opens closes. */
export interface PostgresStore {
  /** `postgres://host:port/database`. */
  readonly label: string
  readonly subscribers: SubscriberStore
  readonly deliveries: DeliveryStore & Leases
  readonly reports: DeliveryReports
  readonly editions: EditionStore
  readonly approvals: ApprovalStore
  readonly pace: SharedPace
  /** Null while another process has it; see `sender-lock.ts`. */
  lockSender(of?: number): Promise<SenderLock | null>
  close(): Promise<void>
}

/**
 * Opens the store of a `postgres://` URL and brings its schema up to date.
 * @param tokens key the digests of addresses
 * @throws OnrecordError `io` when it cannot be reached, `config` when a newer version wrote it or another SECRET_KEY
 */
export async function openPostgresStore(
  url: string,
  tokens: Tokens,
  options: PoolOptions & DeliveryOptions = {},
): Promise<PostgresStore> {
  const database = openPool(url, options)
  try {
    await migratePostgres(database)
    await refuseAnotherKey(database, tokens)
    return {
      label: database.label,
      subscribers: openPostgresSubscribers(database, tokens),
      deliveries: openPostgresDeliveries(database, options),
      reports: openPostgresReports(database),
      editions: openPostgresEditions(database),
      approvals: openPostgresApprovals(database),
      pace: openPace(database),
      lockSender: (of) => lockPostgresSender(database, of),
      close: () => database.close(),
    }
  } catch (error) {
    await database.close()
    throw error
  }
}
