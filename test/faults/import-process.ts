// Imports 20,000 rows into the store that is named, for a test that kills it.
import { createTokens } from '../../src/core/token.ts'
import { openDatabase } from '../../src/store/sqlite.ts'
import { openSubscriberStore } from '../../src/store/subscribers.ts'
import { importSubscribers } from '../../src/subscribers/import.ts'
import { secret } from '../store/open-people.ts'

const database = openDatabase(process.argv[2] ?? '')
const subscribers = openSubscriberStore(database, createTokens(secret))

async function* file(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('address,name,tier,state\n')
  for (let row = 0; row < 20_000; row++) {
    const tier = row % 5 === 0 ? 'member' : 'subscriber'
    yield Buffer.from(
      `reader${row}@example.org,"Reader, ${row}",${tier},${row % 7 === 0 ? 'left' : 'confirmed'}\n`,
    )
  }
}

await importSubscribers(subscribers, file(), {
  newsletters: ['weekly'],
  newsletter: 'weekly',
  newsletterColumn: true,
  tier: null,
  source: 'import:test',
  map: new Map(),
  now: Date.now(),
  dryRun: false,
  signal: new AbortController().signal,
})
database.close()
