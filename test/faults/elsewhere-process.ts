// Another process than the sender’s, that changes what is left of a send when it is told to: `<folder> <what>`. Tells its
// parent the addresses whose message had been put on the wire by then, read in the same transaction.
import { once } from 'node:events'
import { address } from '../delivery/people.ts'
import { openFaultApp, theRound } from './fault-app.ts'
import { openDeliveries } from '../../src/store/deliveries.ts'
import { openDatabase } from '../../src/store/sqlite.ts'
import { openSubscriberStore } from '../../src/store/subscribers.ts'

const [folder = '', what = ''] = process.argv.slice(2)
const app = await openFaultApp({ folder })
const database = openDatabase(app.label)
const subscribers = openSubscriberStore(database, app.tokens)
process.send?.('ready')
await once(process, 'message')
const { id } = await theRound(app)
const rows = (states: string): string[] =>
  database
    .prepare(`select address from delivery where round_id = ? and state ${states} order by id`)
    .all(id)
    .map((row) => String(row['address']))

// The stores do their work before they give back a promise, and join the transaction that is open.
const { begun, done } = database.transaction(() => {
  const waiting = rows("in ('queued', 'claimed', 'deferred')")
  return {
    begun: rows("not in ('queued', 'claimed', 'deferred')"),
    done:
      what === 'unsubscribe'
        ? Promise.all(waiting.map((each) => subscribers.unsubscribe(address(each), 'weekly')))
        : openDeliveries(database).setState(id, what === 'cancel' ? 'cancelled' : 'paused', null),
  }
})
await done
process.send?.(begun)
database.close()
await app.close()
process.disconnect()
