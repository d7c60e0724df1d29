import type { Tokens } from '../core/token.ts'
import type { ReaderStore } from '../subscribers/readers.ts'
import { addressesOf, eraseFrom } from './erase.ts'
import { openPeople } from './people.ts'
import { openAccounts } from './readers/accounts.ts'
import { openAddressChange } from './readers/address-change.ts'
import { personBy, type Desk } from './readers/desk.ts'
import { openEntering } from './readers/entering.ts'
import { openLeaving } from './readers/leaving.ts'
import { openLetters } from './readers/letters.ts'
import { allow } from './readers/limits.ts'
import { personalDataOf } from './readers/personal-data.ts'
import { openSessions } from './readers/sessions.ts'
import { tidyUp } from './readers/tidy.ts'
import { DAY } from './readers/time.ts'
import type { Database } from './sqlite.ts'

/** What the readers' store is opened with, beside the database and its clock. */
export interface ReaderOptions {
  /** Keys the digests of addresses and networks. */
  readonly tokens: Tokens
  /** How long a session holds. */
  readonly sessionDays: number
  /**
   * Clears what stands of a person's addresses outside the store, such as the outbox. Before they are erased, for
   * afterwards nobody knows which addresses were theirs, and once more for what was written meanwhile.
   */
  clearOutside?(isTheirs: (address: string) => boolean): Promise<unknown>
}

/** The readers, in SQLite. */
export function openReaders(database: Database, options: ReaderOptions): ReaderStore {
  const { tokens, sessionDays } = options
  const people = openPeople(database, tokens)
  const desk: Desk = { database, tokens, people, sessionLife: sessionDays * DAY }
  return {
    ...openLetters(desk),
    ...openEntering(desk),
    ...openSessions(desk),
    ...openAccounts(desk),
    ...openAddressChange(desk),
    ...openLeaving(desk),

    async personalData(publicId) {
      const person = personBy(desk, publicId)
      return person === undefined ? null : personalDataOf(database, tokens, person)
    },

    async erasePerson(publicId) {
      const person = personBy(desk, publicId)
      if (person === undefined) return
      const who = { id: Number(person['id']) }
      await options.clearOutside?.(addressesOf(database, tokens, who))
      const isTheirs = addressesOf(database, tokens, who)
      eraseFrom(database, tokens, who)
      await options.clearOutside?.(isTheirs)
    },

    allow: async (kind, subject, limit) => allow(desk, kind, subject, limit),
    tidy: async () => tidyUp(database),
  }
}
