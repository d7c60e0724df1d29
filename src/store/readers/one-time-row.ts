import { createHash } from 'node:crypto'
import type { TokenPurpose } from '../../subscribers/readers.ts'
import type { Row } from '../subscriber-rows.ts'

/** What is kept of a mailed token or a cookie: 256 random bits need no salt and no slow hash. */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

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

/** What the row of a token says now, looked up by its hash and for one purpose. */
export function readOneTime(purpose: TokenPurpose, row: Row | undefined, now: number): Found {
  if (row === undefined) return { state: 'unknown' }
  if (row['used_at'] !== null) return { state: 'used' }
  // One that was cleared stays expired, should the clock be set back.
  if (now >= Number(row['expires_at']) || row['address'] === '') return { state: 'expired' }
  return {
    ...{ state: 'good', hash: String(row['hash']), madeAt: Number(row['created_at']), purpose },
    person: typeof row['subscriber_id'] === 'number' ? row['subscriber_id'] : null,
    address: String(row['address']),
    addressHash: String(row['address_hash']),
    newsletter: String(row['newsletter']),
    detail: JSON.parse(String(row['detail'])) as OneTime['detail'],
  }
}

/** The newsletter that a link is about, or null. */
export function newsletterOf({ newsletter }: OneTime): string | null {
  return newsletter === '' ? null : newsletter
}

/** Where a link leads on to, or null. */
export function nextOf({ detail }: OneTime): string | null {
  return typeof detail['next'] === 'string' ? detail['next'] : null
}
