import { addressHash, type Address } from '../subscribers/address.ts'
import type { Tokens } from '../core/token.ts'
import type { EraseOutcome } from '../subscribers/store.ts'
import type { Database } from './sqlite.ts'

/** Whom to erase: an address, whether or not it is a subscriber's, or one person. */
export type Erased = { readonly address: Address } | { readonly id: number }

/**
 * Deletes everything kept by an address or of a person: one transaction, and what held it is overwritten. The
 * row of a person stays, nameless, for the sums of past issues; a keyed hash stays, which stops an import.
 */
export function eraseFrom(database: Database, tokens: Tokens, who: Erased): EraseOutcome {
  const outcome = database.transaction((): EraseOutcome => {
    const row =
      'id' in who
        ? database.prepare('select id, address_hash from subscriber where id = ?').get(who.id)
        : database
            .prepare('select id, address_hash from subscriber where address_key = ?')
            .get(who.address.key)
    const hash = 'address' in who ? addressHash(tokens, who.address.key) : row?.['address_hash']
    if (typeof hash !== 'string') return row === undefined ? 'not-found' : 'already-erased'
    const before = database.prepare('select reason from suppression where address_hash = ?').get(hash)
    const cleared = clearAddress(database, hash) + ('address' in who ? clearSent(database, who.address) : 0)
    if (row === undefined && cleared === 0) {
      if (before === undefined) return 'not-found'
      if (before['reason'] === 'erased') return 'already-erased'
    }
    // An earlier note may name the person; the hash and the one word are all that stay.
    database
      .prepare(
        `insert into suppression (address_hash, reason, note, created_at) values (?, 'erased', null, ?)
         on conflict (address_hash) do update set reason = 'erased', note = null`,
      )
      .run(hash, database.clock.now())
    if (row !== undefined) forget(database, Number(row['id']))
    return 'erased'
  })
  // The write-ahead log still holds the former pages until it is written back and cut off. Another
  // connection that reads may prevent it now; the next checkpoint then does it.
  if (outcome === 'erased') database.prepare('pragma wal_checkpoint(truncate)').all()
  return outcome
}

/** What is kept by the address itself, also of those who never became subscribers. */
function clearAddress(database: Database, hash: string): number {
  const changes = [
    'delete from letter where address_hash = ?',
    'delete from one_time_token where address_hash = ?',
    // Somebody else's wish to have their mail there.
    'delete from address_change where address_hash = ?',
    'delete from attempt where subject = ?',
  ].map((sql) => Number(database.prepare(sql).run(hash).changes))
  return changes.reduce((sum, each) => sum + each, 0)
}

/** What was sent there to somebody who has another address since; their row says no more where it went. */
function clearSent(database: Database, { address, key }: Address): number {
  const { changes } = database
    .prepare(
      `update delivery set address = null, name = null, reply = null
       where address is not null and (address = :address or lower(address) = :key)`,
    )
    .run({ address, key })
  return Number(changes)
}

function forget(database: Database, id: number): void {
  database.prepare('delete from subscription where subscriber_id = ?').run(id)
  database
    .prepare(
      `update subscriber set address = null, address_key = null, address_hash = null, name = null,
         format = 'html', views_from = 0, erased_at = :now, updated_at = :now where id = :id`,
    )
    .run({ now: database.clock.now(), id })
}
