import { randomBytes } from 'node:crypto'
import { OnrecordError } from '../../core/errors.ts'
import { base32, type Tokens } from '../../core/token.ts'
import { addressHash, type Address } from '../../subscribers/address.ts'
import type { SubscriberTier, SubscriptionState, Suppression } from '../../subscribers/subscriber.ts'
import type { Consent, KnownPerson } from '../people.ts'
import { maybeNumber, number, subscriptionStateOf, text, tierOf, type Row } from '../subscriber-rows.ts'
import type { Connection } from './pool.ts'

/** The statements on which `add`, `set` and a sign-up are built; each runs in its caller's transaction. */
export interface People {
  know(address: Address, newsletter: string): Promise<KnownPerson>
  insert(address: Address, hash: string, name: string | null, tier: SubscriberTier): Promise<number>
  update(id: number, name: string | null, tier: SubscriberTier): Promise<void>
  /** Writes a subscription's state; consent is kept where it was given before. */
  subscribe(id: number, newsletter: string, state: SubscriptionState, consent: Consent | null): Promise<void>
  /** Stamps a person of whom only a subscription changed. */
  touch(id: number): Promise<void>
  suppression(hash: string): Promise<Suppression | null>
  /** False when it was suppressed before. */
  suppress(hash: string, reason: string, note: string | null): Promise<boolean>
}

/** Whoever changes a person locks their row first, so that two transactions see each other's writes, in turn. */
const know = `
select s.id, s.name, s.tier, n.state, n.left_at
from subscriber s left join subscription n on n.subscriber_id = s.id and n.newsletter = $1
where s.address_key = $2 for update of s`

const former = 'select max(changed_at) as changed_at from former_address where address_hash = $1'

const suppression = 'select reason, note, created_at from suppression where address_hash = $1'

const insert = `
insert into subscriber (public_id, address, address_key, address_hash, name, tier, created_at, updated_at)
values ($1, $2, $3, $4, $5, $6, $7, $7) returning id`

const update = 'update subscriber set name = $1, tier = $2, updated_at = $3 where id = $4'

/** Leaving and coming back stamp their own times; a state that stays, stays as it was stamped. */
const subscribe = `
insert into subscription as c (subscriber_id, newsletter, state, consent_at, consent_source, left_at)
values ($1, $2, $3, $4, $5, case when $3 = 'left' then $6::bigint end)
on conflict (subscriber_id, newsletter) do update set
  state = excluded.state,
  consent_at = coalesce(excluded.consent_at, c.consent_at),
  consent_source = coalesce(excluded.consent_source, c.consent_source),
  left_at = excluded.left_at,
  left_from = null,
  paused_until = null`

const suppress = `
insert into suppression (address_hash, reason, note, created_at) values ($1, $2, $3, $4)
on conflict (address_hash) do nothing`

export function openPeople(connection: Connection, tokens: Tokens, now: () => number): People {
  const readSuppression = async (hash: string): Promise<Suppression | null> => {
    const row = await connection.row(suppression, [hash])
    return row === undefined
      ? null
      : { reason: text(row, 'reason') ?? '', note: text(row, 'note'), createdAt: number(row, 'created_at') }
  }
  return {
    async know(address, newsletter) {
      const hash = addressHash(tokens, address.key)
      await lockAddress(connection, hash)
      const suppressed = (await readSuppression(hash))?.reason ?? null
      const row = await connection.row(know, [newsletter, address.key])
      if (row === undefined) {
        const leftAt = maybeNumber((await connection.row(former, [hash])) ?? {}, 'changed_at')
        return {
          ...{ hash, suppressed, person: null },
          subscription: leftAt === null ? null : { state: 'left', leftAt },
        }
      }
      return { hash, suppressed, ...knownOf(row) }
    },
    async insert(address, hash, name, tier) {
      const values = [newPublicId(), address.address, address.key, hash, name, tier, now()]
      return number((await connection.row(insert, values)) ?? {}, 'id')
    },
    update: async (id, name, tier) => void (await connection.run(update, [name, tier, now(), id])),
    async subscribe(id, newsletter, state, consent) {
      const { at = null, source = null } = consent ?? {}
      await connection.run(subscribe, [id, newsletter, state, at, source, now()])
    },
    touch: async (id) =>
      void (await connection.run('update subscriber set updated_at = $1 where id = $2', [now(), id])),
    suppression: readSuppression,
    suppress: async (hash, reason, note) =>
      (await connection.run(suppress, [hash, reason, note, now()])) === 1,
  }
}

/**
 * Nobody else becomes a person at this address, moves to it or is erased from it before this transaction ends. To be
 * taken before any person is locked, and after the lock of people.
 */
export async function lockAddress(connection: Connection, hash: string): Promise<void> {
  await connection.row('select pg_advisory_xact_lock(7142, hashtext($1))', [hash])
}

/** What a row of `know` says. */
export function knownOf(row: Row): Pick<KnownPerson, 'person' | 'subscription'> & {
  readonly person: NonNullable<KnownPerson['person']>
} {
  const state = subscriptionStateOf(row)
  return {
    person: { id: number(row, 'id'), name: text(row, 'name'), tier: tierOf(row) },
    subscription: state === null ? null : { state, leftAt: maybeNumber(row, 'left_at') },
  }
}

/** As `refuseAnotherKey` of src/store/people.ts. @throws OnrecordError `config` */
export async function refuseAnotherKey(connection: Connection, tokens: Tokens): Promise<void> {
  const row = await connection.row(
    'select address_key, address_hash from subscriber where address_key is not null order by id limit 1',
  )
  const key = row === undefined ? null : text(row, 'address_key')
  if (row === undefined || key === null || addressHash(tokens, key) === text(row, 'address_hash')) return
  throw new OnrecordError('config', 'SECRET_KEY is not the one that this store was made with.', {
    hint: 'set the former SECRET_KEY (or put back data/secret.key): suppressions and unsubscribe links depend on it; where it is another publication’s store, give this one a database of its own',
  })
}

/** 100 random bits. */
export function newPublicId(): string {
  return base32(randomBytes(13)).slice(0, 20)
}
