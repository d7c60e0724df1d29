import type { Config } from './config.ts'
import { createTokens, type Tokens } from './core/token.ts'
import { openDatabase, type Database } from './store/sqlite.ts'
import { openSubscriberStore } from './store/subscribers.ts'
import type { SubscriberStore } from './subscribers/store.ts'

/** The composition root's product: what is open, and how to close it. */
export interface App {
  readonly config: Config
  readonly tokens: Tokens
  readonly database: Database
  readonly subscribers: SubscriberStore
  close(): Promise<void>
}

/** Opens the stores that `config` names. Whoever opens closes. */
export async function openApp(config: Config): Promise<App> {
  const tokens = createTokens(config.secretKey)
  const database = openDatabase(config.database.file)
  try {
    const subscribers = openSubscriberStore(database, tokens)
    return { config, tokens, database, subscribers, close: async () => database.close() }
  } catch (error) {
    database.close()
    throw error
  }
}
