// A sender in a process of its own, to be killed: `<SenderOptions as JSON>`. Prints its end as JSON. SIGINT drains, as on
// the command line.
import { sendIssue } from '../../src/delivery/send-issue.ts'
import { readyIssue } from '../delivery/desk.ts'
import { ISSUE, openFaultApp } from './fault-app.ts'
import { watchSigner, watchStore, watchTransport, type Moment } from './moments.ts'
import type { SenderOptions } from './start-sender.ts'

const options = JSON.parse(process.argv[2] ?? '') as SenderOptions
const interruption = new AbortController()
process.on('SIGINT', () => interruption.abort())

let left = options.dies?.after ?? 0
/** Kills itself at the moment it was told of: nothing of it runs after this line. */
function reach(moment: Moment): void {
  if (moment === options.dies?.at && left-- <= 0) process.kill(process.pid, 'SIGKILL')
}

const app = await openFaultApp(options)
const transport = await app.openTransport()
const watched = {
  ...app,
  deliveries: watchStore(app.deliveries, reach),
  signer: watchSigner(app.signer, reach),
}
const report = await sendIssue(watched, ISSUE, {
  transport: watchTransport(transport, reach),
  ready: async () => readyIssue(),
  interrupted: interruption.signal,
})
await transport.close()
await app.close()
process.stdout.write(JSON.stringify(report))
