import { sendIssue } from '../../src/delivery/send-issue.ts'
import { openDesk, readyIssue, transportTo } from '../delivery/desk.ts'

/*
 * A sender in a process of its own, to be killed: `<folder> <port> <connections>`. Prints its end as
 * JSON. SIGINT drains, as on the command line.
 */
const [folder = '', port = '0', connections = '1'] = process.argv.slice(2)
const interruption = new AbortController()
process.on('SIGINT', () => interruption.abort())
const desk = openDesk(folder)
const transport = transportTo(Number(port), {
  connections: Number(connections),
  timeouts: { connect: 5_000, greeting: 5_000, reply: 20_000 },
})
const report = await sendIssue(desk, '2025-w46', {
  transport,
  ready: async () => readyIssue(),
  interrupted: interruption.signal,
})
process.stdout.write(JSON.stringify(report))
await transport.close()
desk.close()
