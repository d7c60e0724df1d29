import { randomToken } from '../../core/token.ts'
import { tokenLife, type TokenPurpose } from '../../subscribers/readers.ts'
import type { Row } from '../subscriber-rows.ts'
import { hashOf, type Desk } from './desk.ts'

/** What a mailed link stands for. */
export interface OneTime {
  readonly purpose: TokenPurpose
  /** Null: somebody who is not yet a subscriber. */
  readonly person: number | null
  readonly address: string
  readonly addressHash: string
  readonly newsletter: string
  /** What becomes true when it is used. */
  readonly detail: Readonly<Record<string, unknown>>
}

export type Found =
  | ({ readonly state: 'good'; readonly hash: string; readonly madeAt: number } & OneTime)
  | { readonly state: 'used' | 'expired' | 'unknown' }

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
  const hash = hashOf(token)
  const row = database
    .prepare('select * from one_time_token where hash = ? and purpose = ?')
    .get(hash, purpose)
  if (row === undefined) return { state: 'unknown' }
  if (row['used_at'] !== null) return { state: 'used' }
  // One that was cleared stays expired, should the clock be set back.
  const isOver = database.clock.now() >= Number(row['expires_at']) || row['address'] === ''
  if (isOver) return { state: 'expired' }
  return { state: 'good', hash, madeAt: Number(row['created_at']), ...read(purpose, row) }
}

/** From now on it is used. */
export function useOneTime({ database }: Desk, hash: string): void {
  database.prepare('update one_time_token set used_at = ? where hash = ?').run(database.clock.now(), hash)
}

function read(purpose: TokenPurpose, row: Row): OneTime {
  return {
    purpose,
    person: typeof row['subscriber_id'] === 'number' ? row['subscriber_id'] : null,
    address: String(row['address']),
    addressHash: String(row['address_hash']),
    newsletter: String(row['newsletter']),
    detail: JSON.parse(String(row['detail'])) as OneTime['detail'],
  }
}
