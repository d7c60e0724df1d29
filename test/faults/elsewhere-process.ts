// Another process than the sender’s, that changes what is left of a send: `<folder> <what>`. Prints the addresses whose
// message had been put on the wire when the change was committed, read in the same transaction.
import { address } from '../delivery/people.ts'
import { openFaultApp, theRound } from './fault-app.ts'

const [folder = '', what = ''] = process.argv.slice(2)
const app = await openFaultApp({ folder })
const { id } = await theRound(app)
const rows = (states: string): string[] =>
  app.database
    .prepare(`select address from delivery where round_id = ? and state ${states} order by id`)
    .all(id)
    .map((row) => String(row['address']))

// The stores do their work before they give back a promise, and join the transaction that is open.
const { begun, done } = app.database.transaction(() => {
  const waiting = rows("in ('queued', 'claimed', 'deferred')")
  return {
    begun: rows("not in ('queued', 'claimed', 'deferred')"),
    done:
      what === 'unsubscribe'
        ? Promise.all(waiting.map((each) => app.subscribers.unsubscribe(address(each), 'weekly')))
        : app.deliveries.setState(id, what === 'cancel' ? 'cancelled' : 'paused', null),
  }
})
await done
process.stdout.write(JSON.stringify(begun))
await app.close()
