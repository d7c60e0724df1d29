import type { Consent, ConsentForm } from '../../subscribers/consent.ts'
import type { Proof } from '../../subscribers/readers.ts'
import type { Row } from '../subscriber-rows.ts'
import type { Desk } from './desk.ts'

/** Writes down that a person agreed, or no longer does. */
export function keepConsent(
  { database }: Pick<Desk, 'database'>,
  person: number,
  newsletter: string,
  kind: Consent['kind'],
  { askedAt, form, words, network }: Proof,
): void {
  database
    .prepare(
      `insert into consent (subscriber_id, newsletter, kind, asked_at, at, form, words, network)
       values (?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(person, newsletter, kind, askedAt, database.clock.now(), form, words, network)
}

/** All consents of a person, the oldest first. */
export function consentsOf({ database }: Desk, person: number): readonly Consent[] {
  return database
    .prepare('select * from consent where subscriber_id = ? order by id')
    .all(person)
    .map(readConsent)
}

/** A row of `consent`: written by `keepConsent` alone, and its kinds checked by the schema. */
export function readConsent(row: Row): Consent {
  return {
    newsletter: String(row['newsletter']),
    kind: String(row['kind']) as Consent['kind'],
    askedAt: Number(row['asked_at']),
    at: Number(row['at']),
    form: String(row['form']) as ConsentForm,
    words: String(row['words']),
    network: typeof row['network'] === 'string' ? row['network'] : null,
  }
}
