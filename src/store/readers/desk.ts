import type { Tokens } from '../../core/token.ts'
import type { People } from '../people.ts'
import type { Row } from '../subscriber-rows.ts'
import type { Database } from '../sqlite.ts'

/** What every part of the readers' store works with. */
export interface Desk {
  readonly database: Database
  readonly tokens: Tokens
  readonly people: People
  /** How long a session holds, in milliseconds. */
  readonly sessionLife: number
}

/** A person who is not erased, by their name in links. */
export function personBy({ database }: Desk, publicId: string): Row | undefined {
  return database.prepare('select * from subscriber where public_id = ? and erased_at is null').get(publicId)
}

/** A person by the digest of their address. */
export function personAt({ database }: Desk, hash: string): Row | undefined {
  return database.prepare('select * from subscriber where address_hash = ?').get(hash)
}

/** The state of one subscription, or null where there is none. */
export function subscriptionState({ database }: Desk, person: number, newsletter: string): string | null {
  const row = database
    .prepare('select state from subscription where subscriber_id = ? and newsletter = ?')
    .get(person, newsletter)
  return row === undefined ? null : String(row['state'])
}
