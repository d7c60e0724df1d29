import { createTokens } from '../../src/core/token.ts'
import { openReaders } from '../../src/store/readers.ts'
import { openDatabase } from '../../src/store/sqlite.ts'
import { openSubscriberStore } from '../../src/store/subscribers.ts'
import { readerContract } from '../contract/readers.ts'
import { secret } from './open-people.ts'

// In memory: a property opens hundreds of them. What only a file can show is in the tests beside this one.
readerContract('SQLite', async () => {
  const clock = { time: Date.UTC(2026, 0, 2), now: () => clock.time }
  const database = openDatabase(':memory:', clock)
  const tokens = createTokens(secret)
  return {
    clock,
    subscribers: openSubscriberStore(database, tokens),
    readers: openReaders(database, { tokens, sessionDays: 90 }),
    close: async () => database.close(),
  }
})
