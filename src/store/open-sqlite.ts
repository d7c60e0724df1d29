import { join } from 'node:path'
import type { Clock } from '../core/clock.ts'
import type { Tokens } from '../core/token.ts'
import type { RoundKind } from '../delivery/round.ts'
import { openApprovals } from './approvals.ts'
import { openArchive } from './archive.ts'
import { openDeliveries } from './deliveries.ts'
import { openDeliveryReports } from './delivery-report.ts'
import { openEditions } from './editions.ts'
import { addressesOf, keptCopies } from './erase.ts'
import { openHistory } from './history.ts'
import { mailFormat } from './mail-format.ts'
import { refuseMoved } from './moved.ts'
import { openReaders } from './readers.ts'
import { openSchedule } from './schedule.ts'
import { lockSender } from './sender-lock.ts'
import { latestDeliveries, schemaIsCurrent } from './site-health.ts'
import { openDatabase } from './sqlite.ts'
import type { Stores } from './stores.ts'
import { openSubscriberStore } from './subscribers.ts'
import { enterWorker, hasWorker } from './worker-lock.ts'

/**
 * Opens the store in a SQLite file, which it makes where there is none.
 * @param tokens key the digests of addresses
 * @param options.dataDir where the locks of whoever sends are
 * @throws OnrecordError `io` when it cannot be opened, `config` when a newer version wrote it or another SECRET_KEY,
 *   `refused` when the publication was moved to another one
 */
export function openSqliteStores(
  file: string,
  tokens: Tokens,
  { dataDir, clock }: { readonly dataDir: string; readonly clock?: Clock },
): Stores {
  const database = openDatabase(file, clock)
  const workers = (kind: RoundKind): string =>
    join(dataDir, kind === 'real' ? 'worker.lock' : 'rehearsal-worker.lock')
  try {
    refuseMoved(database, file)
    return {
      kind: 'sqlite',
      label: file,
      subscribers: openSubscriberStore(database, tokens),
      deliveries: openDeliveries(database),
      reports: openDeliveryReports(database),
      editions: openEditions(database),
      schedule: openSchedule(database),
      approvals: openApprovals(database),
      history: openHistory(database),
      archive: openArchive(database),
      readers: (options) => openReaders(database, { ...options, tokens }),
      mailFormat: async (address) => mailFormat(database, tokens, address),
      addressesOf: async (who) => addressesOf(database, tokens, who),
      keptCopies: () => keptCopies(file),
      health: {
        schemaIsCurrent: async () => schemaIsCurrent(database),
        latestDeliveries: async () => latestDeliveries(database),
      },
      leases: null,
      pace: null,
      commonLimits: null,
      wakes: null,
      lockSender: async () => lockSender(join(dataDir, 'sender.lock')),
      enterWorker: async (kind) => enterWorker(workers(kind)),
      hasWorker: async (kind) => hasWorker(workers(kind)),
      close: async () => database.close(),
    }
  } catch (error) {
    database.close()
    throw error
  }
}
