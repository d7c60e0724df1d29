import { readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Tokens } from '../core/token.ts'
import { addressHash, parseAddress, type Address } from '../subscribers/address.ts'
import type { EraseOutcome } from '../subscribers/store.ts'
import type { Row } from './subscriber-rows.ts'
import type { Database } from './sqlite.ts'

/** Whom to erase: an address, whether or not it is a subscriber's, or one person. */
export type Erased = { readonly address: Address } | { readonly id: number }

/** While it is there, the write-ahead log may still hold pages of somebody erased. */
const MARK = 'erased'

/** How long an erasure waits for who reads just then, in milliseconds; a page of the site waits with it. */
const PATIENCE = 200

/**
 * Deletes everything kept by an address or of a person: one transaction, and what held it is overwritten. The
 * row of a person stays, nameless, for the sums of past issues; a keyed hash of each address that was theirs stays,
 * which stops an import.
 */
export function eraseFrom(database: Database, tokens: Tokens, who: Erased): EraseOutcome {
  const outcome = database.transaction((): EraseOutcome => {
    const row = locate(database, who)
    const hash = 'address' in who ? addressHash(tokens, who.address.key) : row?.['address_hash']
    if (typeof hash !== 'string') return row === undefined ? 'not-found' : 'already-erased'
    const before = database.prepare('select reason from suppression where address_hash = ?').get(hash)
    const cleared = clearSent(database, tokens, hash) + clearAddress(database, hash)
    if (row === undefined && cleared === 0) {
      if (before === undefined) return 'not-found'
      if (before['reason'] === 'erased') return 'already-erased'
    }
    // An earlier note may name the person; the hash and the one word are all that stay.
    for (const each of [hash, ...formerHashes(database, row)])
      database
        .prepare(
          `insert into suppression (address_hash, reason, note, created_at) values (?, 'erased', null, ?)
           on conflict (address_hash) do update set reason = 'erased', note = null`,
        )
        .run(each, database.clock.now())
    if (row !== undefined) forget(database, tokens, row)
    database
      .prepare(
        `insert into mark (name, value, set_at) values (?, '', ?)
         on conflict (name) do update set set_at = excluded.set_at`,
      )
      .run(MARK, database.clock.now())
    return 'erased'
  })
  if (outcome === 'erased') cutLog(database)
  return outcome
}

/**
 * After an erasure the write-ahead log still holds the former pages until it is written back and cut off. One
 * who reads may prevent it now; then the next call does it, in whatever process. Does nothing where nobody was erased.
 */
export function cutLog(database: Database): void {
  if (database.file === ':memory:') return
  if (database.prepare('select 1 from mark where name = ?').get(MARK) === undefined) return
  // A connection of its own, that may be less patient than the one that everything else waits for.
  const connection = new DatabaseSync(database.file, { timeout: PATIENCE })
  try {
    const result = connection.prepare('pragma wal_checkpoint(truncate)').get()
    if (result?.['busy'] === 0) database.prepare('delete from mark where name = ?').run(MARK)
  } finally {
    connection.close()
  }
}

/** Copies of the whole store beside it, kept before an upgrade or a restore: an erasure does not reach them. */
export function keptCopies(file: string): readonly string[] {
  const start = `${basename(file)}.before-`
  return readdirSync(dirname(file))
    .filter((name) => name.startsWith(start))
    .sort()
    .map((name) => join(dirname(file), name))
}

/**
 * Tells the addresses at which mail may have been written to whom is erased: their own, former ones, and one that
 * they want to move to. One that is somebody else's by now is not theirs. To be asked for before erasing.
 */
export function addressesOf(database: Database, tokens: Tokens, who: Erased): (address: string) => boolean {
  const person = locate(database, who)?.['id'] ?? null
  const rows = database
    .prepare(
      `select address_hash as hash from subscriber where id = :id
       union select address_hash from former_address where subscriber_id = :id
       union select address_hash from address_change where subscriber_id = :id
       union select address_hash from one_time_token where subscriber_id = :id
       union select address_hash from letter where subscriber_id = :id
       except select address_hash from subscriber where id is not :id and address_hash is not null`,
    )
    .all({ id: person })
  const hashes = new Set(rows.map(({ hash }) => hash))
  if ('address' in who) hashes.add(addressHash(tokens, who.address.key))
  return (address) => {
    const parsed = parseAddress(address)
    return parsed.ok && hashes.has(addressHash(tokens, parsed.value.key))
  }
}

function locate(database: Database, who: Erased): Row | undefined {
  return 'id' in who
    ? database.prepare('select id, public_id, address_hash from subscriber where id = ?').get(who.id)
    : database
        .prepare('select id, public_id, address_hash from subscriber where address_key = ?')
        .get(who.address.key)
}

/** Where they had mail before; what is somebody else's by now is not theirs. */
function formerHashes(database: Database, row: Row | undefined): readonly string[] {
  return database
    .prepare(
      `select address_hash as hash from former_address where subscriber_id = ?
       except select address_hash from subscriber where address_hash is not null`,
    )
    .all(row?.['id'] ?? null)
    .map(({ hash }) => String(hash))
}

/** What is kept by the address itself, also of those who never became subscribers. */
function clearAddress(database: Database, hash: string): number {
  const changes = [
    'delete from letter where address_hash = ?',
    'delete from one_time_token where address_hash = ?',
    // Somebody else's wish to have their mail there.
    'delete from address_change where address_hash = ?',
    'delete from attempt where subject = ?',
    'delete from former_address where address_hash = ?',
  ].map((sql) => Number(database.prepare(sql).run(hash).changes))
  return changes.reduce((sum, each) => sum + each, 0)
}

/** What was sent there to somebody who has another address since; their row says no more where it went. */
function clearSent(database: Database, tokens: Tokens, hash: string): number {
  const rows = database
    .prepare(
      `select d.id, d.address from former_address f join delivery d on d.subscriber_id = f.subscriber_id
       where f.address_hash = ? and d.address is not null`,
    )
    .all(hash)
  const clear = database.prepare('update delivery set address = null, name = null, reply = null where id = ?')
  let cleared = 0
  for (const { id, address } of rows) {
    const parsed = parseAddress(String(address))
    if (!parsed.ok || addressHash(tokens, parsed.value.key) !== hash) continue
    clear.run(Number(id))
    cleared++
  }
  return cleared
}

/** The triggers on `erased_at` clear the other tables. */
function forget(database: Database, tokens: Tokens, row: Row): void {
  const id = Number(row['id'])
  const now = database.clock.now()
  database
    .prepare(
      `delete from attempt where subject = ?
         or subject in (select address_hash from former_address where subscriber_id = ?)`,
    )
    .run(addressHash(tokens, String(row['public_id'])), id)
  database.prepare('delete from subscription where subscriber_id = ?').run(id)
  database
    .prepare(
      `update subscriber set address = null, address_key = null, address_hash = null, name = null,
         format = 'html', views_from = 0, erased_at = :now, updated_at = :now where id = :id`,
    )
    .run({ now, id })
}
