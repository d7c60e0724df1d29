import type { Tokens } from '../core/token.ts'
import type { ReaderStore } from '../subscribers/readers.ts'
import type { SubscriberStore } from '../subscribers/store.ts'
import type { Database } from './sqlite.ts'

/** What the readers' store is opened with, beside the database and its clock. */
export interface ReaderOptions {
  /** Keys the digests of addresses and networks. */
  readonly tokens: Tokens
  readonly subscribers: SubscriberStore
  /** How long a session holds. */
  readonly sessionDays: number
}

/** The readers, in SQLite. */
export function openReaders(_database: Database, { subscribers }: ReaderOptions): ReaderStore {
  const later = async (): Promise<never> => {
    throw new Error('not built yet')
  }
  return {
    ask: later,
    nextLetter: async () => null,
    settleLetter: later,
    peek: async () => ({ state: 'unknown' }),
    confirm: later,
    logIn: later,
    session: async () => null,
    logOut: later,
    logOutEverywhere: later,
    account: async () => null,
    setNewsletter: later,
    setFormat: later,
    pause: later,
    askChange: later,
    agreeToChange: later,
    revokeViews: later,
    viewTier: async () => null,
    personalData: async () => null,
    async leave(publicId, newsletter) {
      const left = await subscribers.unsubscribe({ publicId }, newsletter)
      return left === 'changed' ? 'left' : left === 'unchanged' ? 'had-left' : 'unknown'
    },
    undoLeave: later,
    erasePerson: later,
    allow: async () => true,
    tidy: async () => undefined,
  }
}
