import type { Session } from '../../subscribers/readers.ts'
import { tierOf, type Row } from '../subscriber-rows.ts'
import { DAY } from './time.ts'

/** How long the cookie before a rotation still serves requests that were under way. */
const GRACE = 60_000

/** A look with the former cookie or the new one. dead: it is none. see: the new cookie has arrived, write that down. */
export type Look = 'read' | 'rotate' | 'see' | 'dead'

/** What a session's row asks for when it is looked up by `hash`, of the cookie now or the one before. */
export function lookAt(row: Row, hash: string, now: number): Look {
  const rotatedAt = Number(row['rotated_at'])
  const isNewSeen = row['former_hash'] === null || Number(row['seen_at']) > rotatedAt
  if (row['hash'] !== hash) {
    if (now < rotatedAt + GRACE) return 'read'
    // The answer with the new cookie may never have arrived. Once that has been used, the former is dead.
    return isNewSeen ? 'dead' : 'rotate'
  }
  if (now >= rotatedAt + DAY) return 'rotate'
  return isNewSeen ? 'read' : 'see'
}

/** When the new cookie was seen: after the rotation, whatever the clock says. */
export function seenAt(row: Row, now: number): number {
  return Math.max(now, Number(row['rotated_at']) + 1)
}

/** @param row of `session`, with its person's `public_id` and `tier`, and whether one subscription is `confirmed` */
export function readSession(row: Row, renewed: string | null): Session {
  return {
    id: Number(row['id']),
    publicId: String(row['public_id']),
    tier: tierOf(row),
    confirmed: row['confirmed'] === 1,
    expiresAt: Number(row['expires_at']),
    renewed,
  }
}
