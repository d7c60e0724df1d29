import { randomToken } from '../../../core/token.ts'
import { tokenLife, type TokenPurpose } from '../../../subscribers/readers.ts'
import { hashOf, readOneTime, type Found, type OneTime } from '../../readers/one-time-row.ts'
import { json } from '../values.ts'
import type { Desk } from './desk.ts'

/** A fresh token, of which only the hash is kept; it ends with its purpose's life, or before at `endsBy`. */
export async function makeOneTime(desk: Desk, what: OneTime, endsBy = Infinity): Promise<string> {
  const token = randomToken()
  const now = desk.now()
  const { purpose, person, address, addressHash, newsletter, detail } = what
  await desk.connection.run(
    `insert into one_time_token
       (hash, purpose, subscriber_id, address, address_hash, newsletter, detail, created_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      ...[hashOf(token), purpose, person, address, addressHash, newsletter, json(detail)],
      ...[now, Math.min(now + tokenLife[purpose], endsBy)],
    ],
  )
  return token
}

/**
 * Looks a token up for one purpose; that of another is unknown. Whoever uses it looks once more after they have locked
 * its address or its person: of many who press a link, one is the first.
 */
export async function findOneTime(desk: Desk, purpose: TokenPurpose, token: string): Promise<Found> {
  const row = await desk.connection.row('select * from one_time_token where hash = $1 and purpose = $2', [
    ...[hashOf(token), purpose],
  ])
  return readOneTime(purpose, row, desk.now())
}

/** From now on it is used. */
export async function useOneTime(desk: Desk, hash: string): Promise<void> {
  await desk.connection.run('update one_time_token set used_at = $1 where hash = $2', [desk.now(), hash])
}
