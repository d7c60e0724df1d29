import { randomBytes } from 'node:crypto'
import { OnrecordError } from '../core/errors.ts'
import { base32, type Tokens } from '../core/token.ts'
import { addressHash, type Address } from '../subscribers/address.ts'
import type { SubscriberTier, SubscriptionState, Suppression } from '../subscribers/subscriber.ts'
import { number, subscriptionStateOf, text, tierOf, maybeNumber } from './subscriber-rows.ts'
import type { Database } from './sqlite.ts'

/**
 * What is known about one address and one newsletter, in one look. An address that somebody has moved away from
 * is nobody's, and has left every newsletter: an old list must not write to it again.
 */
export interface KnownPerson {
  readonly hash: string
  readonly suppressed: string | null
  readonly person: { readonly id: number; readonly name: string | null; readonly tier: SubscriberTier } | null
  readonly subscription: { readonly state: SubscriptionState; readonly leftAt: number | null } | null
}

/** The statements on which `add`, `set` and an import are built; each runs in its caller's transaction. */
export interface People {
  know(address: Address, newsletter: string): KnownPerson
  insert(address: Address, hash: string, name: string | null, tier: SubscriberTier): number
  update(id: number, name: string | null, tier: SubscriberTier): void
  /** Writes a subscription's state; consent is kept where it was given before. */
  subscribe(id: number, newsletter: string, state: SubscriptionState, consent: Consent | null): void
  /** Stamps a person of whom only a subscription changed. */
  touch(id: number): void
  suppression(hash: string): Suppression | null
  /** False when it was suppressed before. */
  suppress(hash: string, reason: string, note: string | null): boolean
}

export interface Consent {
  readonly at: number
  readonly source: string
}

export function openPeople(database: Database, tokens: Tokens): People {
  const now = (): number => database.clock.now()
  const know = database.prepare(`
    select s.id, s.name, s.tier, n.state, n.left_at
    from subscriber s
    left join subscription n on n.subscriber_id = s.id and n.newsletter = ?
    where s.address_key = ?`)
  const former = database.prepare(
    'select max(changed_at) as changed_at from former_address where address_hash = ?',
  )
  const suppression = database.prepare(
    'select reason, note, created_at from suppression where address_hash = ?',
  )
  const insert = database.prepare(`
    insert into subscriber
      (public_id, address, address_key, address_hash, name, tier, created_at, updated_at)
    values (?, ?, ?, ?, ?, ?, ?, ?)`)
  const update = database.prepare('update subscriber set name = ?, tier = ?, updated_at = ? where id = ?')
  // Leaving and coming back stamp their own times; a state that stays, stays as it was stamped.
  const subscribe = database.prepare(`
    insert into subscription (subscriber_id, newsletter, state, consent_at, consent_source, left_at)
    values (:id, :newsletter, :state, :consent_at, :consent_source,
      case when :state = 'left' then :now end)
    on conflict (subscriber_id, newsletter) do update set
      state = excluded.state,
      consent_at = coalesce(excluded.consent_at, consent_at),
      consent_source = coalesce(excluded.consent_source, consent_source),
      left_at = excluded.left_at,
      left_from = null,
      paused_until = null`)
  const touch = database.prepare('update subscriber set updated_at = ? where id = ?')
  const suppress = database.prepare(`
    insert into suppression (address_hash, reason, note, created_at) values (?, ?, ?, ?)
    on conflict (address_hash) do nothing`)

  return {
    know(address, newsletter) {
      const hash = addressHash(tokens, address.key)
      const row = know.get(newsletter, address.key)
      const reason = suppression.get(hash)?.['reason']
      const suppressed = typeof reason === 'string' ? reason : null
      if (row === undefined) {
        const leftAt = maybeNumber(former.get(hash) ?? {}, 'changed_at')
        return {
          hash,
          suppressed,
          person: null,
          subscription: leftAt === null ? null : { state: 'left', leftAt },
        }
      }
      const state = subscriptionStateOf(row)
      return {
        hash,
        suppressed,
        person: { id: number(row, 'id'), name: text(row, 'name'), tier: tierOf(row) },
        subscription: state === null ? null : { state, leftAt: maybeNumber(row, 'left_at') },
      }
    },
    insert(address, hash, name, tier) {
      const at = now()
      const { lastInsertRowid } = insert.run(
        newPublicId(),
        address.address,
        address.key,
        hash,
        name,
        tier,
        at,
        at,
      )
      return Number(lastInsertRowid)
    },
    update: (id, name, tier) => void update.run(name, tier, now(), id),
    subscribe(id, newsletter, state, consent) {
      const at = now()
      subscribe.run({
        id,
        newsletter,
        state,
        consent_at: consent?.at ?? null,
        consent_source: consent?.source ?? null,
        now: at,
      })
    },
    touch: (id) => void touch.run(now(), id),
    suppression(hash) {
      const row = suppression.get(hash)
      if (row === undefined) return null
      return {
        reason: text(row, 'reason') ?? '',
        note: text(row, 'note'),
        createdAt: number(row, 'created_at'),
      }
    },
    suppress: (hash, reason, note) => suppress.run(hash, reason, note, now()).changes === 1,
  }
}

/**
 * Suppressions are found by a digest under SECRET_KEY: with another key, everybody who must not be
 * written to would be, without a word. One known address shows it.
 * @throws OnrecordError `config`
 */
export function refuseAnotherKey(database: Database, tokens: Tokens): void {
  const row = database
    .prepare(
      'select address_key, address_hash from subscriber where address_key is not null order by id limit 1',
    )
    .get()
  const key = row === undefined ? null : text(row, 'address_key')
  if (row === undefined || key === null || addressHash(tokens, key) === text(row, 'address_hash')) return
  throw new OnrecordError('config', 'SECRET_KEY is not the one that this store was made with.', {
    hint: 'set the former SECRET_KEY (or put back data/secret.key): suppressions and unsubscribe links depend on it',
  })
}

/** 100 random bits. */
function newPublicId(): string {
  return base32(randomBytes(13)).slice(0, 20)
}
