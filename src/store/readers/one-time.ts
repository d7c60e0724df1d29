import { randomToken } from '../../core/token.ts'
import { tokenLife, type TokenPurpose } from '../../subscribers/readers.ts'
import type { Desk } from './desk.ts'
import { hashOf, readOneTime, type Found, type OneTime } from './one-time-row.ts'

/** A fresh token, of which only the hash is kept; it ends with its purpose's life, or before at `endsBy`. */
export function makeOneTime({ database }: Desk, what: OneTime, endsBy = Infinity): string {
  const token = randomToken()
  const now = database.clock.now()
  database
    .prepare(
      `insert into one_time_token
         (hash, purpose, subscriber_id, address, address_hash, newsletter, detail, created_at, expires_at)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      hashOf(token),
      what.purpose,
      what.person,
      what.address,
      what.addressHash,
      what.newsletter,
      JSON.stringify(what.detail),
      now,
      Math.min(now + tokenLife[what.purpose], endsBy),
    )
  return token
}

/** Looks a token up for one purpose; that of another is unknown. */
export function findOneTime({ database }: Desk, purpose: TokenPurpose, token: string): Found {
  const row = database
    .prepare('select * from one_time_token where hash = ? and purpose = ?')
    .get(hashOf(token), purpose)
  return readOneTime(purpose, row, database.clock.now())
}

/** From now on it is used. */
export function useOneTime({ database }: Desk, hash: string): void {
  database.prepare('update one_time_token set used_at = ? where hash = ?').run(database.clock.now(), hash)
}
