import type { Tokens } from '../../../core/token.ts'
import type { Row } from '../../subscriber-rows.ts'
import { stopPeople } from '../delivery-statements.ts'
import { openPeople, type People } from '../people.ts'
import type { Connection, Postgres } from '../pool.ts'

/** What every part of the readers' store works with, on one connection. */
export interface Desk {
  readonly connection: Connection
  readonly tokens: Tokens
  readonly people: People
  now(): number
  /** How long a session holds, in milliseconds. */
  readonly sessionLife: number
}

/** Where a desk is had from. Whoever changes something takes locks in this order: people, address, person, the rest. */
export interface Desks {
  /** Each statement on its own. */
  readonly look: Desk
  /** One transaction. */
  change<T>(work: (desk: Desk) => Promise<T>): Promise<T>
  /** The same, after which nobody is written to who was taken off in it: no message begins while it lasts. */
  stop<T>(work: (desk: Desk) => Promise<T>): Promise<T>
}

export function openDesks(database: Postgres, tokens: Tokens, sessionLife: number): Desks {
  const now = (): number => database.clock.now()
  const deskOn = (connection: Connection): Desk => ({
    ...{ connection, tokens, now, sessionLife },
    people: openPeople(connection, tokens, now),
  })
  return {
    look: deskOn(database),
    change: (work) => database.transaction((connection) => work(deskOn(connection))),
    stop: (work) =>
      database.transaction(async (connection) => {
        await connection.row(stopPeople)
        return work(deskOn(connection))
      }),
  }
}

/** A person who is not erased, by their name in links; nobody else changes them before this transaction ends. */
export function lockPerson({ connection }: Desk, publicId: string): Promise<Row | undefined> {
  return connection.row('select * from subscriber where public_id = $1 and erased_at is null for update', [
    publicId,
  ])
}

/** The same by the digest of their address. */
export function lockPersonAt({ connection }: Desk, hash: string): Promise<Row | undefined> {
  return connection.row('select * from subscriber where address_hash = $1 for update', [hash])
}

/** The same by their number. */
export function lockPersonOf({ connection }: Desk, id: number): Promise<Row | undefined> {
  return connection.row('select * from subscriber where id = $1 and erased_at is null for update', [id])
}

/** The state of one subscription, or null where there is none. */
export async function subscriptionState(
  { connection }: Desk,
  person: number,
  newsletter: string,
): Promise<string | null> {
  const row = await connection.row(
    'select state from subscription where subscriber_id = $1 and newsletter = $2',
    [person, newsletter],
  )
  return row === undefined ? null : String(row['state'])
}
