// What a list’s length costs, to a sink that is not there: `render` freezes everybody, claims all rows and makes every
// message, in one thread; `send` is a whole send, with its commits, to a transport that takes everything.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { keepHeapSmall } from '../../src/cli/small-heap.ts'
import type { App } from '../../src/app.ts'
import type { ReadyIssue } from '../../src/delivery/publish.ts'

// As the command line does it: before anything else is loaded.
keepHeapSmall()
const { openApp } = await import('../../src/app.ts')
const { openMessageMaker } = await import('../../src/delivery/make-message.ts')
const { openRound } = await import('../../src/delivery/open-round.ts')
const { sendIssue } = await import('../../src/delivery/send-issue.ts')
const { benchConfig } = await import('./config.ts')
const { measure, report } = await import('./measure.ts')
const { nowhere } = await import('./nowhere.ts')

interface Options {
  readonly how: 'render' | 'send'
  /** With a filled store and `issue.json`. */
  readonly folder: string
  readonly connections: number
}

const { how, folder, connections } = JSON.parse(process.argv[2] ?? '') as Options
const issue = JSON.parse(readFileSync(join(folder, 'issue.json'), 'utf8')) as ReadyIssue
const app = await openApp(benchConfig(folder))
const transport = nowhere(connections)
const options = { transport, ready: async () => issue }
report(await measure(() => (how === 'render' ? render(app) : send(app))))
await app.close()

async function send(desk: App): Promise<number> {
  const { status } = await sendIssue(desk, issue.id, options)
  if (status.accepted !== status.total) throw new Error(`not all of it went out: ${JSON.stringify(status)}`)
  return status.total
}

/** As `sendIssue` does it, without the wire: freeze in chunks, claim in chunks, make each message. */
async function render(desk: App): Promise<number> {
  const { round } = await openRound(desk, issue.id, options)
  while ((await desk.deliveries.freezeChunk(round.id, 2_500)).more);
  const sealed = await desk.deliveries.seal(round.id)
  const { make, room } = await openMessageMaker(desk, sealed)
  const into = Buffer.allocUnsafeSlow(room)
  let octets = 0
  let made = 0
  for (;;) {
    const rows = await desk.deliveries.claim(sealed.id, 50 * connections)
    if (rows.length === 0) break
    for (const row of rows) {
      const message = make(row, Date.now(), into)
      octets += (message instanceof Promise ? await message : message).raw.length
      made++
    }
  }
  if (octets < made * 30_000) throw new Error('the messages are too small')
  return made
}
