import type { Tokens } from '../../core/token.ts'
import { addressHash, parseAddress } from '../../subscribers/address.ts'
import type { EraseOutcome } from '../../subscribers/store.ts'
import type { Erased } from '../erase.ts'
import { number, text, type Row } from '../subscriber-rows.ts'
import { stopImports, stopPeople } from './delivery-statements.ts'
import { lockAddress } from './people.ts'
import type { Connection, Postgres } from './pool.ts'

/**
 * As `eraseFrom` of src/store/erase.ts. What held it is overwritten when PostgreSQL next cleans the table
 * (autovacuum), and stays in archived logs and backups for as long as those are kept.
 */
export function erasePostgres(database: Postgres, tokens: Tokens, who: Erased): Promise<EraseOutcome> {
  const now = database.clock.now()
  return database.transaction(async (connection): Promise<EraseOutcome> => {
    // An import that had read nothing of this erasure would bring them back.
    await connection.row(stopImports)
    // Nobody moves, from here on.
    await connection.row(stopPeople)
    const found = await connection.row(...locate(who))
    const hash = 'address' in who ? addressHash(tokens, who.address.key) : text(found ?? {}, 'address_hash')
    if (hash === null) return found === undefined ? 'not-found' : 'already-erased'
    await lockAddress(connection, hash)
    const row = await connection.row(...locate(who, 'for update'))
    const before = await connection.row('select reason from suppression where address_hash = $1', [hash])
    const cleared = (await clearSent(connection, tokens, hash)) + (await clearAddress(connection, hash))
    if (row === undefined && cleared === 0) {
      if (before === undefined) return 'not-found'
      if (before['reason'] === 'erased') return 'already-erased'
    }
    // An earlier note may name the person; the hash and the one word are all that stay.
    for (const each of [hash, ...(await formerHashes(connection, row))])
      await connection.run(
        `insert into suppression (address_hash, reason, note, created_at) values ($1, 'erased', null, $2)
         on conflict (address_hash) do update set reason = 'erased', note = null`,
        [each, now],
      )
    if (row !== undefined) await forget(connection, tokens, row, now)
    return 'erased'
  })
}

/**
 * Tells the addresses at which mail may have been written to whom is erased: their own, former ones, and one that
 * they want to move to. One that is somebody else's by now is not theirs. To be asked for before erasing.
 */
export async function addressesOf(
  connection: Connection,
  tokens: Tokens,
  who: Erased,
): Promise<(address: string) => boolean> {
  const person = await connection.row(...locate(who))
  const rows = await connection.rows(
    `select address_hash as hash from subscriber where id = $1
     union select address_hash from former_address where subscriber_id = $1
     union select address_hash from address_change where subscriber_id = $1
     union select address_hash from one_time_token where subscriber_id = $1
     union select address_hash from letter where subscriber_id = $1`,
    [person === undefined ? null : number(person, 'id')],
  )
  const taken = await connection.rows(
    'select address_hash as hash from subscriber where address_hash = any ($1) and id is distinct from $2',
    [rows.flatMap((row) => text(row, 'hash') ?? []), person === undefined ? null : number(person, 'id')],
  )
  const hashes = new Set(rows.map(({ hash }) => hash))
  for (const { hash } of taken) hashes.delete(hash)
  if ('address' in who) hashes.add(addressHash(tokens, who.address.key))
  return (address) => {
    const parsed = parseAddress(address)
    return parsed.ok && hashes.has(addressHash(tokens, parsed.value.key))
  }
}

function locate(who: Erased, lock = ''): [sql: string, values: readonly (string | number)[]] {
  const select = 'select id, public_id, address_hash from subscriber where'
  return 'id' in who
    ? [`${select} id = $1 ${lock}`, [who.id]]
    : [`${select} address_key = $1 ${lock}`, [who.address.key]]
}

/** Where they had mail before; what is somebody else's by now is not theirs. */
async function formerHashes(connection: Connection, row: Row | undefined): Promise<readonly string[]> {
  if (row === undefined) return []
  const rows = await connection.rows(
    `select address_hash as hash from former_address where subscriber_id = $1
     except select address_hash from subscriber where address_hash is not null
       and address_hash in (select address_hash from former_address where subscriber_id = $1)`,
    [number(row, 'id')],
  )
  return rows.map(({ hash }) => String(hash))
}

/** What is kept by the address itself, also of those who never became subscribers. */
async function clearAddress(connection: Connection, hash: string): Promise<number> {
  let cleared = 0
  for (const sql of [
    'delete from letter where address_hash = $1',
    'delete from one_time_token where address_hash = $1',
    // Somebody else's wish to have their mail there.
    'delete from address_change where address_hash = $1',
    'delete from attempt where subject = $1',
    'delete from former_address where address_hash = $1',
  ])
    cleared += await connection.run(sql, [hash])
  return cleared
}

/** What was sent there to somebody who has another address since; their row says no more where it went. */
async function clearSent(connection: Connection, tokens: Tokens, hash: string): Promise<number> {
  const rows = await connection.rows(
    `select d.round_id, d.id, d.address from former_address f join delivery d on d.subscriber_id = f.subscriber_id
     where f.address_hash = $1 and d.address is not null`,
    [hash],
  )
  let cleared = 0
  for (const row of rows) {
    const parsed = parseAddress(String(row['address']))
    if (!parsed.ok || addressHash(tokens, parsed.value.key) !== hash) continue
    cleared += await connection.run(
      'update delivery set address = null, name = null, reply = null where round_id = $1 and id = $2',
      [number(row, 'round_id'), number(row, 'id')],
    )
  }
  return cleared
}

/** The triggers on `erased_at` clear the other tables. */
async function forget(connection: Connection, tokens: Tokens, row: Row, now: number): Promise<void> {
  const id = number(row, 'id')
  await connection.run(
    `delete from attempt where subject = $1
       or subject in (select address_hash from former_address where subscriber_id = $2)`,
    [addressHash(tokens, String(row['public_id'])), id],
  )
  await connection.run('delete from subscription where subscriber_id = $1', [id])
  await connection.run(
    `update subscriber set address = null, address_key = null, address_hash = null, name = null,
       format = 'html', views_from = 0, erased_at = $1, updated_at = $1 where id = $2`,
    [now, id],
  )
}
