// Onrecord itself, all of it: the composition root’s app on a copy of a filled store, `sendIssue`, our client.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { keepHeapSmall } from '../../src/cli/small-heap.ts'
import type { ReadyIssue } from '../../src/delivery/publish.ts'

// As the command line does it: before anything else is loaded.
keepHeapSmall()
const { openApp } = await import('../../src/app.ts')
const { sendIssue } = await import('../../src/delivery/send-issue.ts')
const { benchConfig } = await import('./config.ts')
const { measure, report } = await import('./measure.ts')

interface Options {
  /** With a filled store and `issue.json`. */
  readonly folder: string
  readonly environment: Readonly<Record<string, string>>
}

const { folder, environment } = JSON.parse(process.argv[2] ?? '') as Options
const issue = JSON.parse(readFileSync(join(folder, 'issue.json'), 'utf8')) as ReadyIssue
const app = await openApp(benchConfig(folder, environment))
const transport = await app.openTransport()
const measured = await measure(async () => {
  const { status } = await sendIssue(app, issue.id, { transport, ready: async () => issue })
  if (status.state !== 'done' || status.accepted !== status.total)
    throw new Error(`not all of it went out: ${JSON.stringify(status)}`)
  return status.total
})
await transport.close()
await app.close()
report(measured)
