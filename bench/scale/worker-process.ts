// A worker of the product: what `onrecord worker` does, until SIGTERM. Tells its parent how many messages were taken,
// and when.
import { keepHeapSmall } from '../../src/cli/small-heap.ts'
import type { Transport } from '../../src/delivery/transport.ts'
import type { Told, WorkerSettings } from './workers.ts'

// As the command line does it: before anything else is loaded.
keepHeapSmall()
const { openApp } = await import('../../src/app.ts')
const { noLimits } = await import('../../src/delivery/limits.ts')
const { runWorker } = await import('../../src/delivery/worker.ts')
const { benchConfig } = await import('../send/config.ts')
const { nowhere } = await import('../send/nowhere.ts')
const { BUCKET } = await import('./workers.ts')

const settings = JSON.parse(process.argv[2] ?? '') as WorkerSettings
const { folder, environment, connections, answersAfter, perSecond } = settings

let bucket = 0
let count = 0
const tell = (told: Told): void => void process.send?.(told)
/** What was taken in a tenth of a second, once it is over. */
const told = (now: number): void => {
  if (now === bucket) return
  if (count > 0) tell({ at: bucket * BUCKET, taken: count })
  bucket = now
  count = 0
}
const clock = setInterval(() => told(Math.floor(Date.now() / BUCKET)), BUCKET)

const ending = new AbortController()
process.once('SIGTERM', () => ending.abort())
// Whoever started it is not outlived by it.
process.once('disconnect', () => process.exit(1))

const app = await openApp(benchConfig(folder, environment))
tell({ worker: app.leases?.worker ?? '' })
await runWorker(app, {
  openTransport: async () =>
    counted(answersAfter === null ? await app.openTransport() : nowhere(connections, answersAfter)),
  limits: { ...noLimits, perSecond },
  interrupted: ending.signal,
  log: (line) => {
    if (/did not work/.test(line)) throw new Error(line)
  },
})
clearInterval(clock)
told(0)
await app.close()
process.disconnect?.()

function counted(transport: Transport): Transport {
  return {
    ...transport,
    connect() {
      const connection = transport.connect()
      return {
        offer: (envelope) => connection.offer(envelope),
        withdraw: () => connection.withdraw(),
        close: () => connection.close(),
        async deliver(message, next) {
          const outcome = await connection.deliver(message, next)
          if (outcome.state !== 'accepted') throw new Error(`not taken: ${outcome.reply}`)
          told(Math.floor(Date.now() / BUCKET))
          count += 1
          return outcome
        },
      }
    },
  }
}
