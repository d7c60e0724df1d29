import type { Tokens } from '../core/token.ts'
import { addressHash } from '../subscribers/address.ts'
import type {
  AddOutcome,
  Changed,
  NewSubscriber,
  SubscriberChange,
  SubscriberStore,
  Who,
} from '../subscribers/store.ts'
import { eraseFrom } from './erase.ts'
import { openPeople, refuseAnotherKey } from './people.ts'
import { countSubscribers, listSubscribers } from './subscriber-list.ts'
import { keepConsent } from './readers/consents.ts'
import { startImport } from './subscriber-import.ts'
import { searchSubscribers } from './subscriber-search.ts'
import { number, readSubscriber, selectSubscriber, text, tierOf, type Row } from './subscriber-rows.ts'
import type { Database } from './sqlite.ts'

/**
 * The people, in SQLite. `tokens` keys the digests of suppressed addresses.
 * @throws OnrecordError `config` when the store was made with another SECRET_KEY
 */
export function openSubscriberStore(database: Database, tokens: Tokens): SubscriberStore {
  refuseAnotherKey(database, tokens)
  const people = openPeople(database, tokens)
  const locate = (who: Who): Row | undefined =>
    'publicId' in who
      ? database
          .prepare('select id, name, tier, erased_at from subscriber where public_id = ?')
          .get(who.publicId)
      : database
          .prepare('select id, name, tier, erased_at from subscriber where address_key = ?')
          .get(who.key)

  return {
    find: async (who) => {
      const id = locate(who)?.['id']
      if (typeof id !== 'number') return null
      const row = database.prepare(`${selectSubscriber} where s.id = ?`).get(id)
      return row === undefined ? null : readSubscriber(row)
    },
    suppressionOf: async (address) => people.suppression(addressHash(tokens, address.key)),
    add: async (person) => database.transaction(() => add(person)),
    set: async (who, change) => database.transaction(() => set(who, change)),
    unsubscribe: async (who, newsletter) => database.transaction(() => unsubscribe(who, newsletter)),
    suppress: async (address, reason, note) =>
      database.transaction(() => people.suppress(addressHash(tokens, address.key), reason, note)),
    erase: async (address) => eraseFrom(database, tokens, { address }),
    list: (filter = {}) => listSubscribers(database, filter),
    search: (query, page) => searchSubscribers(database, query, page),
    counts: (newsletter) => countSubscribers(database, newsletter),
    startImport: (options) => startImport(database, people, options),
  }

  function add(person: NewSubscriber): AddOutcome {
    const known = people.know(person.address, person.newsletter)
    if (known.suppressed !== null) return known.suppressed === 'erased' ? 'erased' : 'suppressed'
    const before = known.subscription?.state ?? null
    if (before === 'left' && !person.again) return 'left'
    const name = person.name ?? known.person?.name ?? null
    const tier = person.tier ?? known.person?.tier ?? 'subscriber'
    const changed = known.person === null || name !== known.person.name || tier !== known.person.tier
    const id = known.person?.id ?? people.insert(person.address, known.hash, name, tier)
    if (known.person !== null && changed) people.update(id, name, tier)
    if (before === 'confirmed') return changed ? 'updated' : 'unchanged'
    people.subscribe(id, person.newsletter, 'confirmed', { at: database.clock.now(), source: person.source })
    if (known.person !== null) people.touch(id)
    keepWord(
      id,
      person.newsletter,
      'given',
      before === 'left' ? 'They have asked to come back.' : 'They have consented.',
    )
    return before === null ? 'added' : 'updated'
  }

  function set(who: Who, change: SubscriberChange): Changed {
    const row = locate(who)
    if (row === undefined || row['erased_at'] !== null) return 'not-found'
    const name = change.name === undefined ? text(row, 'name') : change.name
    const tier = change.tier ?? tierOf(row)
    if (name === text(row, 'name') && tier === tierOf(row)) return 'unchanged'
    people.update(number(row, 'id'), name, tier)
    return 'changed'
  }

  function unsubscribe(who: Who, newsletter: string | null): Changed {
    const row = locate(who)
    if (row === undefined) return 'not-found'
    const now = database.clock.now()
    const id = number(row, 'id')
    const ended = database
      .prepare(
        `update subscription set state = 'left', left_from = state, left_at = :now
         where subscriber_id = :id and state <> 'left' and (:newsletter is null or newsletter = :newsletter)
         returning newsletter`,
      )
      .all({ now, id, newsletter })
    if (ended.length === 0) return 'unchanged'
    for (const each of ended) keepWord(id, String(each['newsletter']), 'withdrawn', 'They want it no more.')
    people.touch(id)
    return 'changed'
  }

  /** What an operator says for them, who has their word elsewhere. */
  function keepWord(id: number, newsletter: string, kind: 'given' | 'withdrawn', words: string): void {
    const proof = { askedAt: database.clock.now(), form: 'operator', words, network: null } as const
    keepConsent({ database }, id, newsletter, kind, proof)
  }
}
