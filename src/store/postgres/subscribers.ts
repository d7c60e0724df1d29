import type { Tokens } from '../../core/token.ts'
import { addressHash } from '../../subscribers/address.ts'
import type {
  AddOutcome,
  Changed,
  NewSubscriber,
  SubscriberChange,
  SubscriberStore,
  Who,
} from '../../subscribers/store.ts'
import { number, readSubscriber, text, tierOf, type Row } from '../subscriber-rows.ts'
import { stopPeople } from './delivery-statements.ts'
import { erasePostgres } from './erase.ts'
import { openPeople } from './people.ts'
import type { Connection, Postgres } from './pool.ts'
import { keepConsent } from './readers/consents.ts'
import { startImport } from './subscriber-import.ts'
import { countSubscribers, listSubscribers } from './subscriber-list.ts'
import { searchSubscribers } from './subscriber-search.ts'
import { selectSubscriber } from './subscriber-rows.ts'

/** The people, in PostgreSQL. `tokens` keys the digests of suppressed addresses; see `refuseAnotherKey`. */
export function openPostgresSubscribers(database: Postgres, tokens: Tokens): SubscriberStore {
  const now = (): number => database.clock.now()
  const locate = (connection: Connection, who: Who): Promise<Row | undefined> => {
    const select = 'select id, name, tier, erased_at from subscriber where'
    return 'publicId' in who
      ? connection.row(`${select} public_id = $1 for update`, [who.publicId])
      : connection.row(`${select} address_key = $1 for update`, [who.key])
  }

  const add = async (connection: Connection, person: NewSubscriber): Promise<AddOutcome> => {
    const people = openPeople(connection, tokens, now)
    const known = await people.know(person.address, person.newsletter)
    if (known.suppressed !== null) return known.suppressed === 'erased' ? 'erased' : 'suppressed'
    const before = known.subscription?.state ?? null
    if (before === 'left' && !person.again) return 'left'
    const name = person.name ?? known.person?.name ?? null
    const tier = person.tier ?? known.person?.tier ?? 'subscriber'
    const changed = known.person === null || name !== known.person.name || tier !== known.person.tier
    const id = known.person?.id ?? (await people.insert(person.address, known.hash, name, tier))
    if (known.person !== null && changed) await people.update(id, name, tier)
    if (before === 'confirmed') return changed ? 'updated' : 'unchanged'
    await people.subscribe(id, person.newsletter, 'confirmed', { at: now(), source: person.source })
    if (known.person !== null) await people.touch(id)
    const words = before === 'left' ? 'They have asked to come back.' : 'They have consented.'
    await keepWord(connection, id, person.newsletter, 'given', words)
    return before === null ? 'added' : 'updated'
  }

  const set = async (connection: Connection, who: Who, change: SubscriberChange): Promise<Changed> => {
    const row = await locate(connection, who)
    if (row === undefined || row['erased_at'] !== null) return 'not-found'
    const name = change.name === undefined ? text(row, 'name') : change.name
    const tier = change.tier ?? tierOf(row)
    if (name === text(row, 'name') && tier === tierOf(row)) return 'unchanged'
    await openPeople(connection, tokens, now).update(number(row, 'id'), name, tier)
    return 'changed'
  }

  const unsubscribe = async (
    connection: Connection,
    who: Who,
    newsletter: string | null,
  ): Promise<Changed> => {
    await connection.row(stopPeople)
    const row = await locate(connection, who)
    if (row === undefined) return 'not-found'
    const id = number(row, 'id')
    const ended = await connection.rows(
      `update subscription set state = 'left', left_from = state, left_at = $1
       where subscriber_id = $2 and state <> 'left' and ($3::text is null or newsletter = $3)
       returning newsletter`,
      [now(), id, newsletter],
    )
    if (ended.length === 0) return 'unchanged'
    for (const each of ended)
      await keepWord(connection, id, String(each['newsletter']), 'withdrawn', 'They want it no more.')
    await openPeople(connection, tokens, now).touch(id)
    return 'changed'
  }

  /** What an operator says for them, who has their word elsewhere. */
  const keepWord = (
    connection: Connection,
    id: number,
    newsletter: string,
    kind: 'given' | 'withdrawn',
    words: string,
  ): Promise<void> => {
    const proof = { askedAt: now(), form: 'operator', words, network: null } as const
    return keepConsent(connection, id, newsletter, kind, proof, now())
  }

  return {
    find: async (who) => {
      const [column, value] = 'publicId' in who ? ['public_id', who.publicId] : ['address_key', who.key]
      const row = await database.row(`${selectSubscriber} where s.${column} = $1`, [value])
      return row === undefined ? null : readSubscriber(row)
    },
    suppressionOf: (address) =>
      openPeople(database, tokens, now).suppression(addressHash(tokens, address.key)),
    add: (person) => database.transaction((connection) => add(connection, person)),
    set: (who, change) => database.transaction((connection) => set(connection, who, change)),
    unsubscribe: (who, newsletter) =>
      database.transaction((connection) => unsubscribe(connection, who, newsletter)),
    suppress: (address, reason, note) =>
      database.transaction(async (connection) => {
        await connection.row(stopPeople)
        return openPeople(connection, tokens, now).suppress(addressHash(tokens, address.key), reason, note)
      }),
    erase: (address) => erasePostgres(database, tokens, { address }),
    list: (filter = {}) => listSubscribers(database, filter),
    counts: (newsletter) => countSubscribers(database, newsletter),
    search: (query, page) => searchSubscribers(database, query, page),
    startImport: (options) => startImport(database, tokens, options),
  }
}
