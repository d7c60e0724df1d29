import { join } from 'node:path'
import { linksById, readLinkStates } from '../sources/link-store.ts'
import { readSnapshot } from '../sources/snapshot.ts'
import { createDesk, type Desk } from './desk.ts'
import { diskCache, memoryCache } from './desk-cache.ts'

/**
 * The desk of a publication, over the stored copies and link states in its `dataDir`. It never asks the network.
 *
 * @param options.cache `disk` keeps what was found under `<dataDir>/desk/`; `memory` writes nothing
 * @param options.links false: leaves out what depends on pages of the web as they were last seen (DC701, DC704)
 */
export function openDesk(
  dataDir: string,
  options: { readonly cache?: 'disk' | 'memory'; readonly links?: boolean } = {},
): Desk {
  return createDesk({
    readSnapshot: (hash) => readSnapshot(join(dataDir, 'snapshots'), hash),
    readLinks: async (ledger) =>
      options.links === false ? new Map() : linksById(ledger, await readLinkStates(dataDir)),
    cache: options.cache === 'memory' ? memoryCache() : diskCache(join(dataDir, 'desk')),
  })
}
