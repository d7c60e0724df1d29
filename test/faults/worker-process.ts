// One of several workers, in a process of its own, to be killed, frozen and cut off: `<WorkerSettings as JSON>`. SIGTERM
// ends it as on the command line.
import { createTokens } from '../../src/core/token.ts'
import { noLimits } from '../../src/delivery/limits.ts'
import { runWorker } from '../../src/delivery/worker.ts'
import { openPostgresStores } from '../../src/store/postgres/open.ts'
import { transportTo } from '../delivery/desk.ts'
import { SECRET, type WorkerSettings } from './several-run.ts'

const settings = JSON.parse(process.argv[2] ?? '') as WorkerSettings
const { url, port, folder, connections, lease, slice, perSecond } = settings
const ending = new AbortController()
process.on('SIGTERM', () => ending.abort())
// Whoever started it is not outlived by it.
process.on('disconnect', () => process.exit(1))

const tokens = createTokens(SECRET)
const stores = await openPostgresStores(url, tokens, { lease, slice, connections: 4 })
process.send?.('ready')
await runWorker(
  { ...stores, tokens, imagesDir: folder, signer: null },
  {
    openTransport: async () => transportTo(port, { connections, label: 'smtp://sink' }),
    interrupted: ending.signal,
    log: (line) => void process.send?.(line),
    every: 500,
    limits: { ...noLimits, perSecond },
  },
)
await stores.close()
process.disconnect?.()
