import type { Consent } from '../../../subscribers/consent.ts'
import type { Proof } from '../../../subscribers/readers.ts'
import { readConsent } from '../../readers/consents.ts'
import type { Connection } from '../pool.ts'

/** Writes down that a person agreed, or no longer does. */
export async function keepConsent(
  connection: Connection,
  person: number,
  newsletter: string,
  kind: Consent['kind'],
  { askedAt, form, words, network }: Proof,
  at: number,
): Promise<void> {
  await connection.run(
    `insert into consent (subscriber_id, newsletter, kind, asked_at, at, form, words, network)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [person, newsletter, kind, askedAt, at, form, words, network],
  )
}

/** All consents of a person, the oldest first. */
export async function consentsOf(connection: Connection, person: number): Promise<readonly Consent[]> {
  const rows = await connection.rows('select * from consent where subscriber_id = $1 order by id', [person])
  return rows.map(readConsent)
}
